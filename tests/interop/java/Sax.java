// The JDK's SAX with namespaces.
import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.parsers.SAXParserFactory;
import org.xml.sax.Attributes;
import org.xml.sax.helpers.DefaultHandler;

public final class Sax implements Adapter.Reader {
    private static final class Handler extends DefaultHandler {
        final Adapter.Values values = new Adapter.Values();

        @Override
        public void startElement(String space, String local, String name, Attributes list) {
            Map<String, String> attributes = new HashMap<>();
            for (int k = 0; k < list.getLength(); k++) { attributes.put(list.getQName(k), list.getValue(k)); }
            values.start(local, attributes);
        }

        @Override
        public void endElement(String space, String local, String name) {
            values.end();
        }

        @Override
        public void characters(char[] s, int from, int n) {
            values.text(new String(s, from, n));
        }
    }

    @Override
    public Adapter.Values read(byte[] document) throws Exception {
        SAXParserFactory factory = SAXParserFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        Handler handler = new Handler();
        factory.newSAXParser().parse(new ByteArrayInputStream(document), handler);
        return handler.values;
    }
}
