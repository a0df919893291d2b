package code

import (
	"encoding/hex"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What the key of RFC 8032, section 7.1, test 1, makes of the certificate of madeUp. Another zlib may write another text for
// the same message.
const (
	vectorKid     = "866eefbd6718c884"
	vectorCheck   = "WPB8-FJK4-PBDA"
	vectorMessage = "d2844da201270448866eefbd6718c884a05872a5017821e4b8ade585b1e68890e983bde5b882e5a794e7a4bee4bc9ae5b7a5e4bd9ce983a8" +
		"041a6d599a80051a67b60000061a67b693ad3a00010000a4016e43442d323032352d3030303132330202036fe7a4bee4bc9ae5b7a5e4bd9ce5b88804" +
		"504be4cac052e0f72cd337f222d01dbc0a58406291bb2a6dddd956e2c862a8fce4ae69bc8cb61f0f20e313d7b79a9656f71dfac91cf1a82a7babd7b4" +
		"de8dad894ddcc3fef1c7024b76d62dddd2f0f38dcfbd04"
	vectorText = "RZ1:V7FJ40B10FFWTWGSLK/-4Q7941EM.N:53MYG78BV%KI8F7-SC:LP+GL6THEIKTG%1TTOGF8LZCT/5O.$N$1TX/KU/NJNT$ALFF3XEBD8G9F3H0" +
		"N6009F3T3NL+L1000000XKC.D%R8NF6SF63W5646*968K6KB0R6E9$KB-S8QJX9NC-SP$JZENOO0XQ9JSPLLA6BVQVQLRU.DQXYN27BXKCYTN0+DILR6USBL" +
		"CU/V92MS$N31N2-1 VS8CRJOJX:AOZ34JPYOUUG5QWL.%M:+H4GH++RFAW67PDO9J3R-1SXKUX-HD+NV50U506FW83O02"
	vectorKeySet = "81a501010248866eefbd6718c88403272006215820d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
)

func TestVectors(t *testing.T) {
	k := vectorKey(t)
	made, want := signed(t, k)
	if made.Key != vectorKid || made.Check != vectorCheck || made.Text != vectorText {
		t.Errorf("kid %s, check %s, text %s", made.Key, made.Check, made.Text)
	}
	message, err := decode45(made.Text[len(Prefix):])
	if err != nil {
		t.Fatal(err)
	}
	if message, err = inflate(message, maxInflate); err != nil || hex.EncodeToString(message) != vectorMessage {
		t.Errorf("message %x, %v", message, err)
	}
	set, err := hex.DecodeString(vectorKeySet)
	if err != nil {
		t.Fatal(err)
	}
	keys, err := ReadKeys(set)
	if err != nil {
		t.Fatal(err)
	}
	got, _, err := keys.Verify(vectorText)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, sameDays); diff != "" {
		t.Error(diff)
	}
}
