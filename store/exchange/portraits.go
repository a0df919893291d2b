package exchange

import (
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strconv"
	"strings"

	"rongzheng/review"
	"rongzheng/review/picture"
)

// portraitFolder finds the portraits of legacy certificates, which are named by identity number. No message of it ever
// names a file.
type portraitFolder struct {
	folder *folder // nil: there are none
	files  map[string][]string
	used   map[string]bool
}

// openPortraits lists the folder; "" is a folder without any.
func openPortraits(name string) (*portraitFolder, error) {
	p := &portraitFolder{files: map[string][]string{}, used: map[string]bool{}}
	if name == "" {
		return p, nil
	}
	opened, err := openFolder(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, refuse(filepath.Base(name), "path_missing")
	}
	if err != nil {
		return nil, err
	}
	p.folder = opened
	entries, err := fs.ReadDir(opened.root.FS(), ".")
	if err != nil {
		return nil, errors.Join(err, opened.close())
	}
	for _, entry := range entries {
		number := identityOf(entry.Name())
		if entry.Type().IsRegular() && number != "" {
			p.files[number] = append(p.files[number], entry.Name())
		}
	}
	return p, nil
}

// identityOf returns the identity number that a file is named by, "" for another kind of file.
func identityOf(file string) string {
	ending := path.Ext(file)
	if litter(file) || !picture.JPEG.Named(file) && !picture.PNG.Named(file) {
		return ""
	}
	return review.UpgradeIdentity(review.CleanIdentity(strings.TrimSuffix(file, ending)))
}

// of returns the prepared portrait of the person, nil when there is none. An Error says that the file is not one.
func (p *portraitFolder) of(identity string) ([]byte, error) {
	names := p.files[identity]
	if len(names) == 0 || identity == "" {
		return nil, nil
	}
	p.used[identity] = true
	if len(names) > 1 {
		return nil, refuse("", "portrait_twice")
	}
	data, err := p.folder.read(names[0], MaxFile)
	if err != nil {
		return nil, unnamed(err)
	}
	facts, err := picture.Inspect(data)
	switch {
	case err != nil:
		return nil, unnamed(unfit("", err))
	case !facts.Type.Named(names[0]):
		return nil, refuse("", "file_content", "found", string(facts.Type))
	case !facts.LargeEnough():
		return nil, refuse("", "portrait_pixels", "width", strconv.Itoa(facts.Width), "height", strconv.Itoa(facts.Height),
			"min_width", strconv.Itoa(picture.PortraitWidth), "min_height", strconv.Itoa(picture.PortraitHeight))
	}
	prepared, err := picture.Portrait(data)
	if err != nil {
		return nil, unfit("", err)
	}
	return prepared, nil
}

// unnamed takes the name of the file, which is an identity number, out of an error.
func unnamed(err error) error {
	if own, ok := errors.AsType[*Error](err); ok {
		return &Error{Code: own.Code, Args: own.Args}
	}
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return refuse("", "file_unreadable", "cause", e.Err.Error())
	}
	return err
}

// unused counts the persons whose portraits no row asked for.
func (p *portraitFolder) unused() int { return len(p.files) - len(p.used) }

func (p *portraitFolder) close() error {
	if p.folder == nil {
		return nil
	}
	return p.folder.close()
}
