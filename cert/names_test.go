package cert

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

// beyond is every character of the standard name table (通用规范汉字表, 2013) that lies outside the basic plane.
const beyond = "𠅤𠙶𠳐𡎚𡐓𣗋𣲗𣲘𣸣𤧛𤩽𤫉𥔲𥕢𥖨𥻗𦈡𦒍𦙶𦝼𦭜𦰡𧿹𨐈𨙸𨚕𨟠𨭉" +
	"𨱇𨱏𨱑𨱔𨺙𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓" +
	"𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖𫚭𫛭𫞩𫟅𫟦𫟹" +
	"𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡" +
	"𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝" +
	"𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀" +
	"𬯎𬱖𬱟𬳵𬳶𬳽𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓"

// TestEveryCharacterBeyondTheBasicPlane draws each of them as a name, and copies and searches it, one by one.
func TestEveryCharacterBeyondTheBasicPlane(t *testing.T) {
	if n := utf8.RuneCountInString(beyond); n != 196 {
		t.Fatalf("%d characters, want 196", n)
	}
	p := newPrinter(t, Options{})
	if missing := p.Missing(beyond); missing != nil {
		t.Fatalf("the typeface lacks %c", missing)
	}
	f := newFixture(t, "王")
	for _, r := range beyond {
		f.version.Form.Set("name", "王"+string(r))
		if text := open(t, f.draw(t, p)).text(t); !strings.Contains(text, "\n王"+string(r)+"\n") {
			t.Errorf("U+%X is not found on its certificate", r)
		}
	}
}

// TestReadersFindEveryCharacterBeyond asks another reader, which sees all of them in few files.
func TestReadersFindEveryCharacterBeyond(t *testing.T) {
	program := tool(t, "pdftotext")
	p := newPrinter(t, Options{})
	f := newFixture(t, "王")
	all := []rune(beyond)
	for ; len(all) > 0; all = all[min(25, len(all)):] {
		name := string(all[:min(25, len(all))])
		f.version.Form.Set("name", name)
		out, err := exec.Command(program, "-raw", "-enc", "UTF-8", f.save(t, p), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range name {
			if !strings.ContainsRune(string(out), r) {
				t.Errorf("pdftotext does not find U+%X", r)
			}
		}
	}
}

// TestThreeBeyondBesideLatin is a name with three characters outside the basic plane beside Latin letters.
func TestThreeBeyondBesideLatin(t *testing.T) {
	f := newFixture(t, "𬭎𫖯𬱖 Anna-Maria O'Neil")
	mustHold(t, open(t, f.draw(t, newPrinter(t, Options{}))).text(t), f.fieldsOf()...)
}

// TestSealsThatAreRefused are those that nobody can print: too many pixels, too many bytes, no picture.
func TestSealsThatAreRefused(t *testing.T) {
	var wide bytes.Buffer
	if err := png.Encode(&wide, image.NewGray(image.Rect(0, 0, maxSealPixels+1, 2))); err != nil {
		t.Fatal(err)
	}
	heavy := append(testSeal(t, 100), make([]byte, 40<<20)...)
	for name, seal := range map[string][]byte{"wide": wide.Bytes(), "40 MB": heavy, "half": testSeal(t, 300)[:900]} {
		if _, err := NewPrinter(Options{Seal: seal}); err == nil || !strings.Contains(err.Error(), "seal") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPortraitsOfOtherColours: grey is drawn, what has other colours than a prepared portrait is refused.
func TestPortraitsOfOtherColours(t *testing.T) {
	p := newPrinter(t, Options{})
	grey := image.NewGray(image.Rect(0, 0, 295, 413))
	grey.SetGray(10, 10, color.Gray{200})
	var jpg, alpha bytes.Buffer
	if err := jpeg.Encode(&jpg, grey, nil); err != nil {
		t.Fatal(err)
	}
	if err := png.Encode(&alpha, image.NewNRGBA(image.Rect(0, 0, 295, 413))); err != nil {
		t.Fatal(err)
	}
	f := newFixture(t, "王芳")
	f.setPortrait(jpg.Bytes())
	if !bytes.Contains(f.draw(t, p), []byte("/DeviceGray /Filter /DCTDecode")) {
		t.Error("a grey portrait is not drawn as grey")
	}
	for name, data := range map[string][]byte{"alpha": alpha.Bytes(), "CMYK": cmyk(jpg.Bytes())} {
		f.setPortrait(data)
		err := p.Write(failing{t}, &f.certificate, &f.version, f.portrait)
		if err == nil || !strings.Contains(err.Error(), string(portraitKey)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// cmyk makes a grey JPEG say that it has four colours.
func cmyk(jpg []byte) []byte {
	at := bytes.Index(jpg, []byte{0xFF, 0xC0})
	return append(append(append([]byte{}, jpg[:at]...),
		0xFF, 0xC0, 0, 20, 8, 1, 157, 1, 39, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0), jpg[at+13:]...)
}
