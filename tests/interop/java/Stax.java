// The JDK's StAX by its defaults.
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;

public class Stax implements Adapter.Reader {
    protected XMLInputFactory factory() {
        return XMLInputFactory.newDefaultFactory();
    }

    @Override
    public Adapter.Values read(byte[] document) throws Exception {
        XMLStreamReader in = factory().createXMLStreamReader(new ByteArrayInputStream(document));
        Adapter.Values values = new Adapter.Values();
        while (in.hasNext()) {
            switch (in.next()) {
            case XMLStreamConstants.START_ELEMENT -> start(values, in);
            case XMLStreamConstants.END_ELEMENT -> values.end();
            case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> values.text(in.getText());
            default -> { }
            }
        }
        return values;
    }

    private static void start(Adapter.Values values, XMLStreamReader in) {
        Map<String, String> attributes = new HashMap<>();
        for (int k = 0; k < in.getAttributeCount(); k++) { attributes.put(in.getAttributeLocalName(k), in.getAttributeValue(k)); }
        values.start(in.getLocalName(), attributes);
    }
}
