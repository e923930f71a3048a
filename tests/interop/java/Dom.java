// The JDK's DOM with namespaces and no other setting: entities are expanded and external ones read.
import java.io.ByteArrayInputStream;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

public class Dom implements Adapter.Reader {
    protected DocumentBuilderFactory factory() throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultInstance();
        factory.setNamespaceAware(true);
        return factory;
    }

    private static Element from(Node node) {
        while (node != null && node.getNodeType() != Node.ELEMENT_NODE) { node = node.getNextSibling(); }
        return (Element) node;
    }

    @Override
    public Adapter.Values read(byte[] document) throws Exception {
        DocumentBuilder builder = factory().newDocumentBuilder();
        builder.setErrorHandler(null); // no report on standard error
        Adapter.Values values = new Adapter.Values();
        Element event = builder.parse(new ByteArrayInputStream(document)).getDocumentElement();
        for (Element part = from(event.getFirstChild()); part != null; part = from(part.getNextSibling())) {
            for (Element e = from(part.getFirstChild()); e != null; e = from(e.getNextSibling())) { child(values, part.getLocalName(), e); }
        }
        return values;
    }

    private static void child(Adapter.Values values, String part, Element e) {
        NamedNodeMap attributes = e.getAttributes();
        if (part.equals("EventData") && e.getLocalName().equals("Data")) {
            values.data(e.hasAttribute("Name") ? e.getAttribute("Name") : null, e.getTextContent());
        }
        if (!part.equals("System")) { return; }
        for (int k = 0; k < attributes.getLength(); k++) {
            values.attribute(e.getLocalName(), attributes.item(k).getNodeName(), attributes.item(k).getNodeValue());
        }
        values.system(e.getLocalName(), e.getTextContent());
    }
}
