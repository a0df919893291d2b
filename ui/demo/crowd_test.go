package demo

import (
	"bytes"
	"image/jpeg"
	"image/png"
	"testing"

	"rongzheng/review"
	"rongzheng/review/picture"
)

func TestMosaicPortraitsPassTheChecks(t *testing.T) {
	seen := map[string]int{}
	for index := range 2000 {
		l := newLook(random(1, index, streamLook), review.Female, 30)
		l.style = index % 7
		data := mosaicPortrait(&l, index)
		if other, ok := seen[string(data)]; ok {
			t.Fatalf("people %d and %d have the same portrait", other, index)
		}
		seen[string(data)] = index
		if index%100 == 0 {
			checkCrowd(t, data, true)
		}
	}
}

func TestSlipsPassTheChecks(t *testing.T) {
	seen := map[string]bool{}
	for index := range 2000 {
		for slot := range 8 {
			data := slip(index, slot)
			if seen[string(data)] {
				t.Fatalf("person %d has a slip of another in slot %d", index, slot)
			}
			seen[string(data)] = true
		}
		if index%100 == 0 {
			checkCrowd(t, slip(index, 1), false)
		}
	}
	checkCrowd(t, slip(1_000_000, 9), false)
}

// checkCrowd decodes a picture whole and holds it against what the automatic checks look for.
func checkCrowd(t *testing.T, data []byte, portrait bool) {
	t.Helper()
	if len(data) > 1024 {
		t.Errorf("%d bytes, want at most 1024", len(data))
	}
	facts, err := picture.Inspect(data)
	if err != nil {
		t.Fatal(err)
	}
	decode := png.Decode
	if portrait {
		decode = jpeg.Decode
	}
	img, err := decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	if m := picture.Judge(facts, img); m.Dark || m.Blank || m.Small {
		t.Errorf("measures %+v", m)
	}
	if portrait && (!facts.LargeEnough() || !facts.PortraitRatio()) {
		t.Errorf("facts %+v", facts)
	}
}

func BenchmarkMosaicPortrait(b *testing.B) {
	l := newLook(random(1, 1, streamLook), review.Female, 30)
	for b.Loop() {
		mosaicPortrait(&l, 1)
	}
}

func BenchmarkSlip(b *testing.B) {
	for b.Loop() {
		slip(1, 1)
	}
}
