// winlogbeat decodes with encoding/xml behind a reader that escapes control characters, keeps the first of two fields of
// one name, and drops empty fields, the CR of line ends and the last of these (its winlogbeat/sys/winevent and libbeat/common/encoding/xml).
// This does the same; the module itself is not on the proxy.
package main

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"wevgen/interop/adapter"
)

type number uint64 // Keywords: any base

func (v *number) UnmarshalText(text []byte) error {
	n, err := strconv.ParseUint(string(text), 0, 64)
	*v = number(n)
	return err
}

type instant struct{ time.Time }

func (t *instant) UnmarshalXMLAttr(a xml.Attr) (err error) {
	if a.Value != "" {
		t.Time, err = time.Parse(time.RFC3339Nano, a.Value)
	}
	return err
}

type field struct {
	Name string `xml:"Name,attr"`
	Text string `xml:",chardata"`
}

type event struct {
	Provider struct {
		Name string `xml:"Name,attr"`
		GUID string `xml:"Guid,attr"`
	} `xml:"System>Provider"`
	ID struct {
		Qualifiers uint16 `xml:"Qualifiers,attr"`
		ID         uint32 `xml:",chardata"`
	} `xml:"System>EventID"`
	Version     string `xml:"System>Version"` // what is no number is ignored there
	Level       uint8  `xml:"System>Level"`
	Task        uint16 `xml:"System>Task"`
	Opcode      *uint8 `xml:"System>Opcode"`
	Keywords    number `xml:"System>Keywords"`
	TimeCreated struct {
		SystemTime instant `xml:"SystemTime,attr"`
	} `xml:"System>TimeCreated"`
	RecordID  uint64 `xml:"System>EventRecordID"`
	Execution struct {
		ProcessID uint32 `xml:"ProcessID,attr"`
		ThreadID  uint32 `xml:"ThreadID,attr"`
	} `xml:"System>Execution"`
	Channel   string `xml:"System>Channel"`
	Computer  string `xml:"System>Computer"`
	EventData struct {
		Pairs []field `xml:",any"`
	} `xml:"EventData"`
}

// Its reader writes a control character as the six characters \u0001, and takes one byte of it, even of a longer one.
func escaped(document []byte) []byte {
	out := make([]byte, 0, len(document))
	for len(document) > 0 {
		r, size := utf8.DecodeRune(document)
		if unicode.IsControl(r) && !unicode.IsSpace(r) {
			out, size = fmt.Appendf(out, `\u%04x`, r), 1
		} else {
			out = append(out, document[:size]...)
		}
		document = document[size:]
	}
	return out
}

func read(document []byte) (*adapter.Values, error) {
	var e event
	if err := xml.NewDecoder(bytes.NewReader(escaped(document))).Decode(&e); err != nil {
		return nil, err
	}
	v := adapter.New()
	v.Header["Provider"], v.Header["EventID"] = e.Provider.Name, strconv.Itoa(int(e.ID.ID))
	v.Header["Channel"], v.Header["Computer"] = e.Channel, e.Computer
	for _, f := range e.EventData.Pairs {
		if _, twice := v.Data[f.Name]; twice || f.Name == "" {
			continue
		}
		v.Data[f.Name] = strings.TrimRight(strings.ReplaceAll(f.Text, "\r\n", "\n"), "\n")
		if f.Text == "" {
			v.Data[f.Name] = nil
		}
	}
	return v, nil
}

func main() { adapter.Main(read) }
