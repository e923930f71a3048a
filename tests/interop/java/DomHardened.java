// The JDK's DOM as guides on external entities set it: a DOCTYPE is an error.
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;

public final class DomHardened extends Dom {
    @Override
    protected DocumentBuilderFactory factory() throws Exception {
        DocumentBuilderFactory factory = super.factory();
        factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        factory.setExpandEntityReferences(false);
        return factory;
    }
}
