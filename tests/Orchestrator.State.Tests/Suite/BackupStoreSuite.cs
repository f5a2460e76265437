using System.IO.Compression;
using System.Text;

namespace Orchestrator.State.Tests.Suite;

public abstract class BackupStoreSuite(StoreFixture fixture)
{
    private readonly IBackupStore _backup = fixture.Store<IBackupStore>();
    private readonly INodeStore _nodes = fixture.Store<INodeStore>();
    private readonly IAppStore _apps = fixture.Store<IAppStore>();
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task WhatWasStored_IsThereAgain_AndWhatCameLaterIsNot()
    {
        await _apps.TryInsertAsync(Documents.App("kept"), None);
        await _nodes.TryInsertAsync(Documents.Node("kept"), None);
        await _nodes.TryReserveAsync("kept", 1, new Dictionary<string, Reservation> { ["t1"] = new() { Cpus = 1.5, MemoryBytes = 1L << 40, ReservedAt = Documents.Now } }, [], None);
        Assert.False(await _backup.IsEmptyAsync(None));
        var (app, node) = (await _apps.FindAsync("kept", None), await _nodes.FindAsync("kept", None));
        var copy = await CopyAsync();

        await _apps.TryInsertAsync(Documents.App("later"), None);
        await _nodes.ReleaseAsync([("kept", "t1")], None);
        await RestoreAsync(copy);
        Assert.Null(await _apps.FindAsync("later", None));
        Assert.Equivalent(app, await _apps.FindAsync("kept", None), strict: true);
        Assert.Equivalent(node, await _nodes.FindAsync("kept", None), strict: true);
    }

    [Fact]
    public async Task AFileThatIsCutOff_OrNone_OrOfANewerVersion_ChangesNothing()
    {
        await _apps.TryInsertAsync(Documents.App("stays"), None);
        var copy = await CopyAsync();
        var text = await new StreamReader(new GZipStream(new MemoryStream(copy), CompressionMode.Decompress)).ReadToEndAsync();
        var lines = text.Split('\n');
        await _apps.TryInsertAsync(Documents.App("stays too"), None);
        foreach (var bad in new[] { string.Join('\n', lines[..^2]), "{}", "nothing", text.Replace("\"version\":1", "\"version\":99", StringComparison.Ordinal) })
        {
            await Assert.ThrowsAsync<FormatException>(() => RestoreAsync(Zip(bad)));
        }

        Assert.NotNull(await _apps.FindAsync("stays too", None));
    }

    private async Task<byte[]> CopyAsync()
    {
        using var copy = new MemoryStream();
        await BackupFile.WriteAsync(copy, new BackupHead { CreatedAt = Documents.Now, Store = _backup.Kind, ClusterId = "c" }, _backup.ReadAllAsync(None), None);
        return copy.ToArray();
    }

    private async Task RestoreAsync(byte[] copy)
    {
        using var reader = new StreamReader(new GZipStream(new MemoryStream(copy), CompressionMode.Decompress));
        Assert.Equal("c", (await BackupFile.ReadHeadAsync(reader, None)).ClusterId);
        await _backup.WriteAllAsync(BackupFile.ReadRowsAsync(reader, None), None);
    }

    private static byte[] Zip(string text)
    {
        using var bytes = new MemoryStream();
        using (var zip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            zip.Write(Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }
}
