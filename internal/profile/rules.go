package profile

import "regexp"

// Rule knows by its frames a habit that costs a server its CPU, and says what to do.
type Rule struct {
	ID   string // "crypto"
	What string // "synchronous cryptography"
	// Function and File are what a frame's are like; one of them is enough. nil: any is not.
	Function, File *regexp.Regexp
	// Anywhere says that it is enough to be somewhere in a stack, whatever called it: what a
	// runtime does on its own. Otherwise the outermost frame that a rule knows counts, which
	// is what the server's code asked for: a log line that is written to a file is logging.
	Anywhere bool
	// Loop and CPU say what to do where it holds up an event loop, and where it uses up the CPU.
	Loop, CPU string
	// Other is what to do instead where most of it is in some of its functions; nil: there are none.
	Other *otherWay
}

// otherWay is what a rule says of some of its functions: those that do the same the other way
// round, as reading a format is to writing it.
type otherWay struct {
	Function  *regexp.Regexp // that the rule knows
	Loop, CPU string
}

// of is the rule with what it says of a function.
func (r Rule) of(function string) Rule {
	if r.Other != nil && r.Other.Function.MatchString(function) {
		r.Loop, r.CPU = r.Other.Loop, r.Other.CPU
	}
	return r
}

// Rules are all of them. Where two know the same frame the first one holds.
var Rules = []Rule{
	{
		ID: "gc", What: "garbage collection", Anywhere: true,
		Function: regexp.MustCompile(`^\(?garbage collector\)?$` +
			`|^runtime\.(gcBgMarkWorker|gcAssistAlloc|gcDrain|bgsweep|bgscavenge|gcStart|gcMarkDone|gcMarkTermination)` +
			`|^v8::internal::(Heap::CollectGarbage|Heap::PerformGarbageCollection|Scavenger|ScavengerCollector|MarkCompactCollector|MinorMarkSweep|ConcurrentMarking|Sweeper|IncrementalMarking|MainMarkingVisitor)` +
			`|^(G1|Parallel|PS|Serial|Z|Shenandoah)[A-Za-z]*(Collect|Mark|Young|Full|Evac|Scan|Relocat|Worker|Task|Scavenge)[A-Za-z]*::` +
			`|^(WKS|SVR)::gc_heap::|^gc_heap::|^com\.oracle\.svm\.core\.genscavenge\.` +
			`|^(gc_collect_main|_PyGC_|gc_marks|gc_sweep)`),
		Loop: "fewer and smaller objects per request leave the collector less to do; a larger young generation (--max-semi-space-size) has it run less often",
		CPU:  "fewer and smaller objects per request leave the collector less to do; with memory to spare a larger heap has it run less often (GOGC, -Xmx)",
	},
	{
		ID: "lock", What: "waiting for a lock", Anywhere: true,
		// Only what waits: taking a free lock is cheap, and idle threads sleep in the same
		// calls of the kernel.
		Function: regexp.MustCompile(`^(internal/)?sync\.\(\*(RW)?Mutex\)\.(lockSlow|unlockSlow|rUnlockSlow)$|^sync\.runtime_(SemacquireMutex|SemacquireRWMutex|SemacquireRWMutexR|doSpin)$` +
			`|^std::sys::(sync::)?(mutex|rwlock|locks)::.*(lock_contended|read_contended|write_contended)|^(<?parking_lot.*)(lock_slow|lock_shared_slow|lock_exclusive_slow)` +
			`|^_*(GI___)?lll_lock_wait(_private)?$|^_*pthread_spin_lock$|^ObjectMonitor::(enter|TrySpin|EnterI|spin_enter|enter_internal)` +
			`|^java\.util\.concurrent\.locks\.(ReentrantLock|ReentrantReadWriteLock|StampedLock)\b` +
			`|^System\.Threading\.(Monitor|Lock)\.(Enter|TryEnter|EnterAndGetCurrentThreadId|ReliableEnter|Enter_Slowpath|TryEnter_FastPath_WithTimeout)`),
		Loop: "shorten what is done while the lock is held, or give each thread its own",
		CPU:  "shorten what is done while the lock is held, part it into several, or give each worker its own",
	},
	{
		ID: "log", What: "logging",
		Function: regexp.MustCompile(`^consoleCall$|^console\.[a-z]+$|^log/slog\.|^log\.\(\*Logger\)\.|^log\.(Print|Printf|Println|Output)$|^(go\.uber\.org/zap|github\.com/sirupsen/logrus|github\.com/rs/zerolog)[./(]` +
			`|^(tracing_subscriber|env_logger|log4rs|simplelog|fern|slog)::|^<(tracing_subscriber|env_logger|log4rs)::` +
			`|^(ch\.qos\.logback|org\.apache\.logging\.log4j|java\.util\.logging|org\.slf4j|org\.jboss\.log(ging|manager))\.` +
			`|^(Microsoft\.Extensions\.Logging|Serilog|NLog)\.|^spdlog::|^fmt_log`),
		File: regexp.MustCompile(`^node:internal/console/|/node_modules/(pino|winston|bunyan|morgan|log4js|loglevel|debug)/|/logging/__init__\.py$`),
		Loop: "log less per request, below a level, or through a logger that writes from a thread of its own (pino with a transport)",
		CPU:  "log less per request, or through a logger that writes asynchronously",
	},
	{
		ID: "regexp", What: "a regular expression",
		Function: regexp.MustCompile(`^RegExp: |^\(?RegExp|^v8::internal::(RegExp|Irregexp|NativeRegExpMacroAssembler|Runtime_RegExp|ExperimentalRegExp)|^Builtins_RegExp` +
			`|^regexp(/syntax)?\.|^<?(regex|regex_automata|fancy_regex|regex_lite|pcre2)::|^java\.util\.regex\.|^System\.Text\.RegularExpressions\.` +
			`|^std::(__cxx11::|__detail::)?(basic_regex|regex_|_Executor|__detail::_Executor)|^(pcre2?_|onig_|re2::|sre_|_sre)`),
		Loop: "a pattern with nested repetitions takes time that doubles with each character of a bad text: rewrite it, bound the text's length, or use an engine without backtracking (re2)",
		CPU:  "compile a pattern once, not per request; where a prefix or an index would do, use that",
	},
	{
		ID: "tls", What: "TLS",
		Function: regexp.MustCompile(`^crypto/tls\.|^<?(rustls|tokio_rustls|native_tls|tokio_native_tls)::|^SSL_(read|write|do_handshake|accept|connect|peek)(_ex)?$|^node::crypto::TLSWrap::` +
			`|^(io\.netty\.handler\.ssl|sun\.security\.ssl)\.|^System\.Net\.Security\.`),
		File: regexp.MustCompile(`^node:_tls_|/lib/python[0-9.]+/ssl\.py$`),
		Loop: "handshakes cost most: keep connections open, or end TLS in a proxy in front",
		CPU:  "handshakes cost most: keep connections open, or end TLS in a proxy in front",
	},
	{
		ID: "crypto", What: "synchronous cryptography",
		Function: regexp.MustCompile(`^(pbkdf2Sync|scryptSync|hkdfSync|generateKeyPairSync|generateKeySync|generatePrimeSync|randomFillSync|randomBytes|signOneShot|verifyOneShot|createHash|createHmac)$|^(hashSync|compareSync|genSaltSync)$|^node::crypto::` +
			`|^crypto/(sha|md5|aes|rsa|ecdsa|ed25519|hmac|pbkdf2|cipher|elliptic|internal)|^crypto/internal/|^golang\.org/x/crypto/|^vendor/golang\.org/x/crypto/` +
			`|^<?(ring|sha1|sha2|bcrypt|argon2|scrypt|pbkdf2|aes|aes_gcm|hmac|rsa|blake2|blake3|aws_lc_rs|openssl|digest)::` +
			`|^(EVP_|SHA1_|SHA256_|SHA512_|MD5_|HMAC_|PKCS5_|AES_|RSA_|EC_|BN_|ossl_|sha1_block|sha256_block|sha512_block|kdf_pbkdf2|OPENSSL_|aesni_)` +
			`|^(javax\.crypto|sun\.security|java\.security|com\.sun\.crypto|org\.bouncycastle|org\.springframework\.security\.crypto|org\.mindrot\.jbcrypt)\.` +
			`|^System\.Security\.Cryptography\.|^(hashlib|bcrypt|_hashlib)\b`),
		File: regexp.MustCompile(`^node:(internal/crypto/|crypto$)|/node_modules/(bcrypt|bcryptjs|argon2|jsonwebtoken|jws|crypto-js)/|/hashlib\.py$`),
		Loop: "call it without Sync (crypto.pbkdf2, crypto.scrypt), which computes in a thread, or keep the result: an ETag or a session needs it once",
		CPU:  "keep the result where the input is the same, and use fewer rounds or a cheaper algorithm where no secret depends on it",
	},
	{
		ID: "compression", What: "compression",
		Function: regexp.MustCompile(`^(zlibBufferSync|processChunkSync|gzipSync|gunzipSync|deflateSync|inflateSync|deflateRawSync|inflateRawSync|brotliCompressSync|brotliDecompressSync|zstdCompressSync)$` +
			`|^compress/|^github\.com/(klauspost/compress|andybalholm/brotli)[/.]|^<?(flate2|miniz_oxide|brotli|zstd|zstd_safe|async_compression|libz_sys|zlib_rs)::` +
			`|^(deflate|inflate|deflate_(slow|fast|medium|quick|stored|rle|huff)|longest_match|compress_block|inflate_fast|crc32(_z)?|adler32(_z)?|BrotliEncoder\w*|ZSTD_\w+|Cr_z_\w+)$` +
			`|^java\.util\.zip\.|^System\.IO\.Compression\.`),
		File: regexp.MustCompile(`^node:(internal/)?zlib$|/node_modules/(compression|pako|fflate)/|/(gzip|zlib)\.py$`),
		Loop: "compress in a proxy in front, once and for all (precompressed files), or without Sync, in a thread",
		CPU:  "compress in a proxy in front, at a lower level, or once and for all (precompressed files)",
	},
	{
		ID: "json", What: "JSON",
		Function: regexp.MustCompile(`^(JSON\.)?(parse|stringify) \[JSON\]$|^JSON\.(parse|stringify)$|^v8::internal::(Json|JSON|Builtin_Json|Builtin_Impl_Json|\(anonymous namespace\)::Json)|^Builtins_Json` +
			`|^encoding/json[./]|^github\.com/(goccy/go-json|bytedance/sonic|json-iterator/go|mailru/easyjson|segmentio/encoding/json)[./]` +
			`|^<?(&mut )?(serde_json|simd_json|sonic_rs)::|^(com\.fasterxml\.jackson|tools\.jackson|com\.google\.gson|jakarta\.json|io\.avaje\.jsonb|org\.eclipse\.yasson|com\.dslplatform\.json|kotlinx\.serialization\.json)\.` +
			`|^(System\.Text\.Json|Newtonsoft\.Json)\.|^(nlohmann|rapidjson|simdjson)::`),
		File: regexp.MustCompile(`/json/(encoder|decoder|__init__|scanner)\.py$|/node_modules/(fast-json-stringify|json-stringify-safe|fast-safe-stringify)/`),
		Loop: "send less, keep what does not change as text, or serialize by a schema (fast-json-stringify); very large bodies belong into a worker thread",
		CPU:  "send less, keep what does not change as text, or use a serializer that is made at compile time",
		Other: &otherWay{
			Function: regexp.MustCompile(`(?i)pars(e|ing)|unmarshal|decod|deserial|from_?json|read_?value|^loads?$|scan|reader|valid|::de::|::from_(str|slice|reader|value)`),
			Loop:     "parse less: refuse a body that is too large before it is parsed, keep what does not change; very large ones belong into a worker thread, or a parser that takes them as they arrive",
			CPU:      "parse less: refuse a body that is too large before it is parsed, keep what does not change, or read into types that hold only what is used",
		},
	},
	{
		ID: "file", What: "a synchronous file call",
		Function: regexp.MustCompile(`^(readFileSync|writeFileSync|appendFileSync|readdirSync|statSync|lstatSync|fstatSync|existsSync|openSync|readSync|writeSync|closeSync|mkdirSync|copyFileSync|unlinkSync|renameSync|realpathSync|accessSync|tryReadSync)$` +
			`|^os\.(ReadFile|WriteFile|Open|OpenFile|Stat|Lstat|ReadDir|\(\*File\))|^std::fs::|^<std::fs::|^java\.nio\.file\.Files\.|^java\.io\.(File|RandomAccess|FileInputStream|FileOutputStream)|^System\.IO\.(File|FileStream|Directory)\.` +
			`|^(vfs_open|do_sys_open|do_sys_openat2|do_filp_open|filename_lookup|vfs_statx|filemap_read|ext4_file_read_iter|xfs_file_read_iter|btrfs_file_read_iter|generic_file_read_iter)$`),
		Loop: "read it once when the server starts, or without Sync, which does not hold up the loop",
		CPU:  "read it once when the server starts, and keep it",
	},
}

// inKernel is what the server's own code has the kernel do, for sockets above all.
var inKernel = Rule{
	ID: "kernel", What: "the kernel's work for sockets and files",
	// Of Node's calls its profiler sees no more than who makes them.
	Function: regexp.MustCompile(`^__(x64|arm64|se|do|riscv)_(compat_)?sys_|^(writevGeneric|writeGeneric|handleWriteReq)$`),
	Loop:     "each small write or read is a call of the kernel: send a body in one piece; where it is one already, this is what a reply costs",
	CPU:      "each small write or read is a call of the kernel: gather a reply and send it at once",
}

const noRule = -1

// Behind the Rules.
var (
	ownRule    = len(Rules)     // own code that computes
	kernelRule = len(Rules) + 1 // the kernel, whatever called it
)

// known is what rules know of a profile's frames.
type known struct {
	rules []int  // of each frame, an index into Rules or noRule
	asks  []bool // whether it is one that has the kernel work
}

// knownFrames asks the rules about each frame. Own code is never known by its name: a
// server's function may be called what it likes.
func (p *Profile) knownFrames() known {
	k := known{make([]int, len(p.Frames)), make([]bool, len(p.Frames))}
	for i, frame := range p.Frames {
		k.rules[i] = noRule
		if frame.Kind == Own {
			continue
		}
		k.asks[i] = inKernel.Function.MatchString(frame.Function)
		for j, rule := range Rules {
			if rule.Function != nil && rule.Function.MatchString(frame.Function) || rule.File != nil && rule.File.MatchString(frame.File) {
				k.rules[i] = j
				break
			}
		}
	}
	return k
}

// kernelOf is the frame by which a sample is the kernel's: the call that it was asked for, else
// the kernel's outermost, else the one that asks where nobody sees into the kernel; -1: it is not.
func (p *Profile) kernelOf(sample Sample, known known) (at int) {
	at = -1
	for depth, index := range sample.Stack {
		if p.Frames[index].Kind != Kernel {
			break
		}
		at = depth
		if known.asks[index] {
			return at
		}
	}
	if at >= 0 {
		return at
	}
	for depth, index := range sample.Stack {
		if known.asks[index] {
			at = depth // the outermost that own code did not leave again
		}
		if p.Frames[index].Kind == Own {
			break
		}
	}
	return at
}

// ruleAt is the rule of an index into Rules or behind them; for own code none.
func ruleAt(index int) Rule {
	switch index {
	case ownRule:
		return Rule{}
	case kernelRule:
		return inKernel
	}
	return Rules[index]
}
