package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"rongzheng/review"
)

func TestMemoReadsWhatTheBytesSay(t *testing.T) {
	var m memo[review.Account, *review.Account]
	for round := range 3 {
		for n := range 4 * memoSlots {
			want := review.Account{Name: fmt.Sprintf("zhou.%d", n), Level: round, Areas: []string{"510107"}}
			got := remember(t, &m, &want)
			if got.Name != want.Name || got.Level != round || got.Areas[0] != "510107" {
				t.Fatalf("got %+v, want %+v", got, want)
			}
			got.Areas[0] = "changed by who got it"
		}
	}
}

func TestMemoHoldsOnlyWhatIsSound(t *testing.T) {
	var m memo[review.Account, *review.Account]
	for range 2 {
		if _, err := m.decode([]byte(`{"name":`)); err == nil {
			t.Error("half a record was read")
		}
		if _, err := m.decode(nil); err == nil {
			t.Error("no record was read")
		}
	}
	remember(t, &m, &review.Account{Name: "large", Office: string(bytes.Repeat([]byte("x"), memoBytes))})
	for i := range m.slots {
		if m.slots[i].body != nil {
			t.Errorf("%d bytes are kept", len(m.slots[i].body))
		}
	}
}

func TestMemoOfMany(t *testing.T) {
	var m memo[review.Account, *review.Account]
	var work sync.WaitGroup
	for who := range 8 {
		work.Go(func() {
			for n := range 500 {
				want := review.Account{Name: fmt.Sprint(n % 40), Keys: []string{"a"}}
				body, err := json.Marshal(&want)
				if err != nil {
					t.Error(err)
				}
				got, err := m.decode(body)
				if err != nil || got.Name != want.Name || got.Keys[0] != "a" {
					t.Errorf("%d got %+v, %v", who, got, err)
					return
				}
				got.Keys[0] = fmt.Sprint(who)
			}
		})
	}
	work.Wait()
}

func remember(t *testing.T, m *memo[review.Account, *review.Account], a *review.Account) review.Account {
	t.Helper()
	body, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	got, err := m.decode(body)
	if err != nil {
		t.Fatal(err)
	}
	return got
}
