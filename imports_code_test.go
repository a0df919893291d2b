package main

// What the verification code adds to the table of rooms.
func init() {
	const room = "rongzheng/cert/code"
	allowed[room] = []string{"rongzheng/review"}
	for _, path := range []string{"rongzheng/cert", "rongzheng/ui", "rongzheng/ui/demo", "rongzheng/ui/command"} {
		allowed[path] = append(allowed[path], room)
	}
	only["filippo.io/age"] = append(only["filippo.io/age"], room)
	for _, library := range []string{
		"github.com/veraison/go-cose", "github.com/fxamacker/cbor/v2", "rsc.io/qr", "github.com/makiuchi-d/gozxing",
	} {
		only[library] = []string{room}
	}
}
