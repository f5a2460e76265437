using System.Runtime.InteropServices;

namespace Orchestrator.NodeAgent.Network;

/// <summary>
/// The library behind <c>nft</c>, in this process. A process for each change would wait at its end until the kernel has cleaned up
/// what the change took out, which is longer than all of the change.
/// </summary>
internal sealed class Nftables : IDisposable
{
    private const string Library = "libnftables.so.1";
    private Context? _context;

    public static bool IsThere => NativeLibrary.TryLoad(Library, out _);

    public void Dispose() => _context?.Dispose();

    /// <summary>One call at a time. All of the commands are carried out, or none.</summary>
    /// <returns>Null when done, else why not, in one line.</returns>
    public Task<string?> TryAsync(string commands) => Task.Run(() =>
    {
        _context ??= Context.Open();
        return nft_run_cmd_from_buffer(_context, commands) == 0 ? null : FirstLine(Marshal.PtrToStringUTF8(nft_ctx_get_error_buffer(_context)));
    });

    private static string FirstLine(string? text) => text is { Length: > 0 } ? text.Split('\n')[0].Trim() : "no reason given";

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern Context nft_ctx_new(uint flags);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern void nft_ctx_free(IntPtr context);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int nft_ctx_buffer_error(Context context);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern IntPtr nft_ctx_get_error_buffer(Context context);

    [DllImport(Library, ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int nft_run_cmd_from_buffer(Context context, [MarshalAs(UnmanagedType.LPUTF8Str)] string commands);

    private sealed class Context() : SafeHandle(IntPtr.Zero, ownsHandle: true)
    {
        public override bool IsInvalid => handle == IntPtr.Zero;

        public static Context Open()
        {
            var context = nft_ctx_new(0);
            _ = nft_ctx_buffer_error(context);
            return context;
        }

        protected override bool ReleaseHandle()
        {
            nft_ctx_free(handle);
            return true;
        }
    }
}
