package outcome

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
)

// encodings are those of text files beside UTF-8, by name. GB18030 reads all files in GBK and GB 2312, too.
var encodings = map[string]encoding.Encoding{
	"gb18030":      simplifiedchinese.GB18030,
	"utf-16":       unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), // the mark, if there is one, tells the order of bytes
	"windows-1252": charmap.Windows1252,
}

// Encodings lists the names that [Dialect.Encoding] may have, in order.
func Encodings() []string { return slices.Sorted(maps.Keys(encodings)) }

// transcode turns text of an encoding into UTF-8. Bytes that are no character in it are an error.
func transcode(data []byte, name string) ([]byte, error) {
	from, ok := encodings[name]
	if !ok {
		return nil, fmt.Errorf("encoding %q: must be one of %s", name, strings.Join(Encodings(), ", "))
	}
	text, err := from.NewDecoder().Bytes(data)
	if err != nil {
		return nil, fmt.Errorf("is not %s: %w", name, err)
	}
	if at := bytes.IndexRune(text, '\ufffd'); at >= 0 {
		return nil, fmt.Errorf("line %d: is not %s: holds bytes that are no character in it", 1+bytes.Count(text[:at], []byte("\n")), name)
	}
	return text, nil
}
