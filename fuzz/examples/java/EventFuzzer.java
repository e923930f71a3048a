// Jazzer, which pom.xml names: mvn dependency:copy-dependencies -DoutputDirectory=lib && javac EventFuzzer.java &&
// java -cp '.:lib/*' com.code_intelligence.jazzer.Jazzer --target_class=EventFuzzer -dict=event.dict CORPUS, where CORPUS is a
// copy of corpus/seeds. An exception that parsing does not declare is a find. Without Jazzer: java EventFuzzer.java FILE...
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

public class EventFuzzer {
    // Stands for your parser: it takes the record id for a number.
    static void parse(DocumentBuilder builder, byte[] data) throws Exception {
        NodeList records = builder.parse(new ByteArrayInputStream(data)).getElementsByTagName("EventRecordID");
        if (records.getLength() > 0) {
            Long.parseLong(records.item(0).getTextContent());
        }
    }

    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        try {
            parse(builder, data);
        } catch (SAXException | java.io.CharConversionException | java.io.UnsupportedEncodingException refused) {
            return;
        }
    }

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            fuzzerTestOneInput(Files.readAllBytes(Path.of(file)));
        }
        System.out.println(files.length + " inputs");
    }
}
