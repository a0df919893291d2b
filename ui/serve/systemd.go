package serve

import (
	"fmt"
	"net"
	"os"
	"strconv"
)

// firstInherited is the number of the first descriptor that systemd hands over (sd_listen_fds(3)).
const firstInherited = 3

// Inherited returns the listener that systemd has opened for this process, nil when there is none.
func Inherited(getenv func(string) string) (net.Listener, error) {
	if getenv("LISTEN_PID") != strconv.Itoa(os.Getpid()) {
		return nil, nil
	}
	if n := getenv("LISTEN_FDS"); n != "1" {
		return nil, fmt.Errorf("LISTEN_FDS is %q: one socket is needed", n)
	}
	f := os.NewFile(firstInherited, "systemd")
	defer f.Close()
	return net.FileListener(f)
}

// Notify tells systemd how the service stands ("READY=1", "STOPPING=1"); without systemd it does nothing (sd_notify(3)).
func Notify(getenv func(string) string, state string) error {
	name := getenv("NOTIFY_SOCKET")
	if name == "" {
		return nil
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: name, Net: "unixgram"})
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = conn.Write([]byte(state))
	return err
}
