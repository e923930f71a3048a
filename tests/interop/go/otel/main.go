// The OpenTelemetry collector's Windows event log receiver: its own function, reached through otel/export.
package main

import (
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/input/windows"

	"wevgen/interop/adapter"
)

func text(x any) string { return fmt.Sprint(x) }

func read(document []byte) (*adapter.Values, error) {
	body, err := windows.WevgenBody(document)
	if err != nil {
		return nil, err
	}
	v := adapter.New()
	provider, id := body["provider"].(map[string]any), body["event_id"].(map[string]any)
	v.Header["Provider"], v.Header["Guid"] = text(provider["name"]), text(provider["guid"])
	v.Header["EventID"], v.Header["Version"] = text(id["id"]), text(body["version"])
	v.Header["TimeCreated"] = text(body["system_time"])
	v.Header["Channel"], v.Header["Computer"] = text(body["channel"]), text(body["computer"])
	for name, value := range body["event_data"].(map[string]any) {
		v.Data[name] = text(value)
	}
	return v, nil
}

func main() { adapter.Main(read) }
