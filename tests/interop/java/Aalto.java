// Aalto by its defaults.
import javax.xml.stream.XMLInputFactory;

public final class Aalto extends Stax {
    @Override
    protected XMLInputFactory factory() {
        return new com.fasterxml.aalto.stax.InputFactoryImpl();
    }
}
