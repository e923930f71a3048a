// Jackson's XmlMapper into a tree: attributes and text are members, text under the empty name.
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.xml.XmlMapper;
import java.util.List;

public final class Jackson implements Adapter.Reader {
    private static final XmlMapper MAPPER = new XmlMapper();

    private static String text(JsonNode node) {
        return node.isObject() ? node.path("").asText("") : node.asText("");
    }

    private static Iterable<JsonNode> many(JsonNode node) {
        return node.isArray() ? node : node.isMissingNode() ? List.of() : List.of(node);
    }

    @Override
    public Adapter.Values read(byte[] document) throws Exception {
        JsonNode event = MAPPER.readTree(document);
        Adapter.Values values = new Adapter.Values();
        event.path("System").properties().forEach(member -> {
            member.getValue().properties().forEach(a -> values.attribute(member.getKey(), a.getKey(), a.getValue().asText()));
            values.system(member.getKey(), text(member.getValue()));
        });
        for (JsonNode data : many(event.path("EventData").path("Data"))) {
            values.data(data.has("Name") ? data.path("Name").asText() : null, text(data));
        }
        return values;
    }
}
