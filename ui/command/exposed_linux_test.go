package command

import (
	"testing"
	"testing/fstest"
)

func TestExposedBySwap(t *testing.T) {
	const head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"no swap", map[string]string{"proc/swaps": head}, ""},
		{"nothing can be read", nil, "exposed.swap"},
		{"a partition", map[string]string{"proc/swaps": head + "/dev/sda2 partition 1 0 -2\n"}, "exposed.swap"},
		{"a file", map[string]string{"proc/swaps": head + "/swapfile file 1 0 -2\n"}, "exposed.swap"},
		{"in memory", map[string]string{"proc/swaps": head + "/dev/zram0 partition 1 0 -2\n", "sys/block/zram0/backing_dev": "none\n"}, ""},
		{
			"in memory and on a disk",
			map[string]string{"proc/swaps": head + "/dev/zram0 partition 1 0 -2\n", "sys/block/zram0/backing_dev": "/dev/sda3\n"},
			"exposed.swap",
		},
		{"encrypted", map[string]string{"proc/swaps": head + "/dev/dm-1 partition 1 0 -2\n", "sys/block/dm-1/dm/uuid": "CRYPT-LUKS2-0-swap\n"}, ""},
		{
			"a volume on an encrypted disk",
			map[string]string{
				"proc/swaps": head + "/dev/dm-2 partition 1 0 -2\n", "sys/block/dm-2/dm/uuid": "LVM-x\n", "sys/block/dm-2/slaves/dm-0/dev": "254:0\n",
				"sys/block/dm-0/dm/uuid": "CRYPT-LUKS2-0-disk\n",
			},
			"",
		},
		{
			"a volume on a bare disk",
			map[string]string{
				"proc/swaps": head + "/dev/dm-2 partition 1 0 -2\n", "sys/block/dm-2/dm/uuid": "LVM-x\n", "sys/block/dm-2/slaves/sda3/dev": "8:3\n",
			},
			"exposed.swap",
		},
		{
			"one of two",
			map[string]string{
				"proc/swaps":                  head + "/dev/zram0 partition 1 0 -2\n/dev/sda2 partition 1 0 -3\n",
				"sys/block/zram0/backing_dev": "none\n",
			},
			"exposed.swap",
		},
	} {
		root := fstest.MapFS{}
		for name, text := range test.files {
			root[name] = &fstest.MapFile{Data: []byte(text)}
		}
		if got := exposedBy(root); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}
