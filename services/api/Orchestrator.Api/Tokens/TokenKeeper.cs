using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Tokens;

/// <summary>Makes the first token, unless one is given, and judges those that are shown. Only hashes are stored.</summary>
internal sealed class TokenKeeper(ITokenStore tokens, IOptions<ApiOptions> options, TimeProvider time, ILogger<TokenKeeper> logger) : IHostedService, IDisposable
{
    private const int Bytes = 32;
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(1);
    private readonly string? _given = options.Value.Token is { } token ? Hash(token) : null;
    private readonly CancellationTokenSource _stop = new();
    private Task _later = Task.CompletedTask;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_given is not null)
        {
            return;
        }

        try
        {
            await MakeAsync(cancellationToken);
        }
        catch (StoreUnavailableException exception)
        {
            // Without the store nobody gets in; the process is up meanwhile.
            Log.StoreAway(logger, exception.Message);
            _later = MakeLaterAsync(_stop.Token);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _later.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>Looked up by hash: nothing secret is compared, so nothing is told by the time it takes.</summary>
    public async Task<bool> IsKnownAsync(string token, CancellationToken cancellation) =>
        token.Length > 0 && (Hash(token) == _given || await tokens.FindAsync(Hash(token), cancellation) is not null);

    private async Task MakeLaterAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(TryAgain, time, cancellation);
                await MakeAsync(cancellation);
                return;
            }
            catch (StoreUnavailableException)
            {
                // Said once.
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task MakeAsync(CancellationToken cancellationToken)
    {
        var path = options.Value.TokenFile;
        if (File.Exists(path) && await IsKnownAsync((await File.ReadAllTextAsync(path, cancellationToken)).Trim(), cancellationToken))
        {
            return;
        }

        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));
        await tokens.TryInsertAsync(new TokenDocument { Id = Hash(token), Name = "first", CreatedAt = time.GetUtcNow() }, cancellationToken);
        await WriteAsync(path, token, cancellationToken);
        Log.TokenMade(logger, path);
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private static async Task WriteAsync(string path, string token, CancellationToken cancellation)
    {
        // Instances that share the file may begin at once: each writes a draft of its own, and whichever comes last is read.
        var draft = $"{path}.{Guid.NewGuid():N}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var file = new StreamWriter(draft, options))
        {
            await file.WriteLineAsync(token.AsMemory(), cancellation);
        }

        File.Move(draft, path, overwrite: true);
    }
}
