// WEV_LIB: the folder of libwevmutator.a (build/, or the installed lib/). The whole archive: nothing refers to it by name.
fn main() {
    if let Ok(folder) = std::env::var("WEV_LIB") {
        println!("cargo:rustc-link-search=native={folder}");
        println!("cargo:rustc-link-arg=-Wl,--whole-archive");
        println!("cargo:rustc-link-arg={folder}/libwevmutator.a");
        println!("cargo:rustc-link-arg=-Wl,--no-whole-archive");
        for library in ["mxml", "xxhash", "m"] {
            println!("cargo:rustc-link-lib={library}");
        }
    }
}
