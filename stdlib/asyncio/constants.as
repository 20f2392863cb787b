"""Numbers that several parts of asyncio agree on."""

# Writes on a lost connection before a warning is logged.
LOG_THRESHOLD_FOR_CONNLOST_WRITES = 5
# Seconds before a server that ran out of descriptors accepts again.
ACCEPT_RETRY_DELAY = 1
# Frames kept of the place where something was made, in debug mode.
DEBUG_STACK_DEPTH = 10
# Seconds that TLS may take to begin and to end.
SSL_HANDSHAKE_TIMEOUT = 60.0
SSL_SHUTDOWN_TIMEOUT = 30.0
# Bytes per read where the system has no sendfile.
SENDFILE_FALLBACK_READBUFFER_SIZE = 1024 * 256
# Limits of TLS buffers, in KiB.
FLOW_CONTROL_HIGH_WATER_SSL_READ = 256
FLOW_CONTROL_HIGH_WATER_SSL_WRITE = 512
# Seconds that the workers of the default executor may take at the end.
THREAD_JOIN_TIMEOUT = 300


class _SendfileMode:
    """How a transport sends a file."""

    UNSUPPORTED = 1
    TRY_NATIVE = 2
    FALLBACK = 3
