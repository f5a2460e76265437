namespace Orchestrator.EndToEnd.Tests;

/// <summary>Two nodes, each with a container that serves on the node's port 8080.</summary>
public sealed class LabOfTwo : IAsyncLifetime
{
    private Lab? _lab;
    private string? _missing;

    public Lab Lab
    {
        get
        {
            Assert.SkipUnless(_missing is null, _missing ?? "");
            return _lab!;
        }
    }

    public async ValueTask InitializeAsync()
    {
        _missing = Engine.IsThere ? await Lab.MissingAsync() : Engine.Missing;
        if (_missing is null)
        {
            var image = await Engine.ImageAsync(1);
            _lab = await Lab.UpAsync(2, image);
            await Task.WhenAll(Enumerable.Range(1, 2).Select(node => _lab.DockerAsync(node, "run", "-d", "--name", "web", "-p", "8080:8080", image)));
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }
    }
}
