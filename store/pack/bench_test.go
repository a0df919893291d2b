package pack

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"rongzheng/review"
)

// benchPictures is how many attachments a case has, benchPicture how many bytes each: those of a phone's pictures, reduced.
const (
	benchPictures = 5
	benchPicture  = 100 << 10
)

// picture makes the same bytes for the same number; they do not compress, as pictures do not.
func picture(n int) []byte {
	var seed [32]byte
	binary.BigEndian.PutUint64(seed[:], uint64(n))
	data := make([]byte, benchPicture)
	rand.NewChaCha8(seed).Read(data)
	return data
}

func benchContents(b *testing.B, cases int) (Contents, int64) {
	pictures := map[string]int{}
	var all []Case
	for i := range cases {
		one := testCase(fmt.Sprintf("SQ20261116%06d", i))
		one.Application.Attachments = nil
		for j := range benchPictures {
			sha := hashOf(picture(i*benchPictures + j))
			pictures[sha] = i*benchPictures + j
			one.Application.Attachments = append(one.Application.Attachments, review.Attachment{Slot: "id_card_front", SHA256: sha, Size: benchPicture})
		}
		all = append(all, one)
	}
	c := contents(b)
	c.Cases, c.Certificates = each(all...), nil
	c.Blob = func(sha string) ([]byte, error) { return picture(pictures[sha]), nil }
	return c, int64(cases) * benchPictures * benchPicture
}

// BenchmarkPack writes a pack and reads all of it again, beside writing and reading the same bytes in clear. heap-MB is what
// stays in use after it, whatever the size.
func BenchmarkPack(b *testing.B) {
	desk, officer := testKey(b, "desk"), testKey(b, "officer")
	for _, n := range []int{100, 1000} {
		c, size := benchContents(b, n)
		path := filepath.Join(b.TempDir(), "bench.pack")
		b.Run(fmt.Sprintf("write/%d", n), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				toFile(b, path, func(w io.Writer) error { return Write(w, c, desk) })
			}
			memory(b)
		})
		b.Run(fmt.Sprintf("check/%d", n), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				file, p, err := openFile(path, officer)
				if err == nil {
					err = p.Check(nil)
				}
				if err != nil {
					b.Fatal(err)
				}
				file.Close()
			}
			memory(b)
		})
		b.Run(fmt.Sprintf("plain/%d", n), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				toFile(b, path, func(w io.Writer) error {
					for i := range n * benchPictures {
						if _, err := w.Write(picture(i)); err != nil {
							return err
						}
					}
					return nil
				})
			}
		})
	}
}

func toFile(b *testing.B, path string, write func(w io.Writer) error) {
	file, err := os.Create(path)
	if err == nil {
		err = write(file)
	}
	if err == nil {
		err = file.Sync()
	}
	if err != nil {
		b.Fatal(err)
	}
	file.Close()
}

func memory(b *testing.B) {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapInuse)/(1<<20), "heap-MB")
}

// BenchmarkReturn seals and checks what came of so many cases.
func BenchmarkReturn(b *testing.B) {
	for _, n := range []int{100, 1000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			var all []Act
			for i := range n {
				act := acts()[1]
				act.Reference = fmt.Sprintf("SQ%06d", i)
				all = append(all, act)
			}
			for b.Loop() {
				data := returned(b, all)
				back, err := OpenReturn(bytes.NewReader(data), int64(len(data)), testKey(b, "desk"))
				if err == nil {
					err = back.Check()
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
