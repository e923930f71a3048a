# A sanitizer's report as its bucket: what it calls the fault, and the first function that is not the system's or the law's.
/ERROR: (Address|Leak)Sanitizer/ && !kind {
    kind = /LeakSanitizer/ ? "leak" : /SEGV/ ? "SEGV" : $3
}
/runtime error:/ && !kind { kind = "undefined"; seen = $1 }
/^law broken:/ && !kind { kind = "law" }
/^ *#[0-9]+ 0x[0-9a-f]+ in / && kind && !seen && $4 !~ /^(_|malloc|calloc|realloc|strdup|memcpy|memmove|strlen|strcmp|raise|abort|operator|fuzzer::|wev_law_broken)/ { seen = $4 }
END { if (kind) { print kind, seen } }
