// Jazzer: jazzer --cp=. --target_class=EventFuzzer -dict=event.dict CORPUS, where CORPUS is a copy of corpus/seeds. An exception
// that parsing does not declare is a find. Without Jazzer: java EventFuzzer.java FILE... runs it on files.
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import org.xml.sax.SAXException;

public class EventFuzzer {
    public static void fuzzerTestOneInput(byte[] data) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
        DocumentBuilder builder = factory.newDocumentBuilder();
        builder.setErrorHandler(null);
        try {
            builder.parse(new ByteArrayInputStream(data)); // yours
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
