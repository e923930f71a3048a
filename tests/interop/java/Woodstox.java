// Woodstox by its defaults.
import javax.xml.stream.XMLInputFactory;

public final class Woodstox extends Stax {
    @Override
    protected XMLInputFactory factory() {
        return new com.ctc.wstx.stax.WstxInputFactory();
    }
}
