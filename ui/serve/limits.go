package serve

import (
	"cmp"
	"time"
)

// FrameRate is how often in a second a served desk is drawn at most. Two hundred desks that nobody touches wake so often each:
// at 60 they take half a processor, at 20 a seventh; over a line nobody sees the difference.
const FrameRate = 20

// Limits bound what clients may take. A zero field stands for its default.
type Limits struct {
	Lines      int // connections in all
	PerAddress int // connections of one address; an office behind one address is many people
	PerAccount int // connections of one account
	Strangers  int // connections on which nobody has logged in yet, in all
	Visits     int // sessions on one connection
	Tries      int // keys offered on one connection

	Login time.Duration // until somebody has logged in
	Idle  time.Duration // without a key or a byte of a file, and of a connection without a session
	Write time.Duration // until a client has read what was sent to it
	Stop  time.Duration // from the wish to stop until lines are cut
	// Farewell is how long who was just coming in has, when no visit is left, to ask for one and be told that it is too late.
	Farewell time.Duration
	Warn     time.Duration // from the wish to stop until desks are asked to leave, so that who types can come to an end

	KeyRate  int   // bytes of keys in a second, when kept up
	KeyBurst int   // bytes of keys at once
	Paste    int   // bytes of one paste; the rest is dropped
	Width    int   // columns of a window
	Height   int   // lines of a window
	Command  int   // bytes of a command line
	Upload   int64 // bytes of one uploaded package
	Held     int   // uploaded files of an account that wait for their name

	Open      int   // files and folders that an sftp visit has open to read
	OpenBytes int64 // bytes of these files, beyond which no further one is opened

	Scans     int           // scans of a clerk that lie uploaded, those that are coming in among them
	ScanBytes int64         // bytes of all of them, beyond which nothing more comes in
	ScanAge   time.Duration // until a scan that nobody attached is removed
}

// orDefault fills in what is not set.
func (l Limits) orDefault() Limits {
	d := Limits{
		Lines: 1024, PerAddress: 512, PerAccount: 16, Strangers: 256, Visits: 8, Tries: 8,
		Login: 20 * time.Second, Idle: 30 * time.Minute, Write: 2 * time.Minute, Stop: 10 * time.Second, Warn: 3 * time.Second,
		Farewell: 2 * time.Second,
		KeyRate:  2 << 10, KeyBurst: 16 << 10, Paste: 64 << 10, Width: 500, Height: 200, Command: 32 << 10,
		Upload: 512 << 20, Held: 32, Open: 64, OpenBytes: 32 << 20, Scans: 60, ScanBytes: 200 << 20, ScanAge: 24 * time.Hour,
	}
	return Limits{
		Lines: cmp.Or(l.Lines, d.Lines), PerAddress: cmp.Or(l.PerAddress, d.PerAddress),
		PerAccount: cmp.Or(l.PerAccount, d.PerAccount), Strangers: cmp.Or(l.Strangers, d.Strangers),
		Visits: cmp.Or(l.Visits, d.Visits), Tries: cmp.Or(l.Tries, d.Tries),
		Login: cmp.Or(l.Login, d.Login), Idle: cmp.Or(l.Idle, d.Idle), Write: cmp.Or(l.Write, d.Write), Stop: cmp.Or(l.Stop, d.Stop), Warn: cmp.Or(l.Warn, d.Warn),
		Farewell: cmp.Or(l.Farewell, d.Farewell),
		KeyRate:  cmp.Or(l.KeyRate, d.KeyRate), KeyBurst: cmp.Or(l.KeyBurst, d.KeyBurst), Paste: cmp.Or(l.Paste, d.Paste),
		Width: cmp.Or(l.Width, d.Width), Height: cmp.Or(l.Height, d.Height), Command: cmp.Or(l.Command, d.Command),
		Upload: cmp.Or(l.Upload, d.Upload), Held: cmp.Or(l.Held, d.Held),
		Open: cmp.Or(l.Open, d.Open), OpenBytes: cmp.Or(l.OpenBytes, d.OpenBytes),
		Scans: cmp.Or(l.Scans, d.Scans), ScanBytes: cmp.Or(l.ScanBytes, d.ScanBytes), ScanAge: cmp.Or(l.ScanAge, d.ScanAge),
	}
}
