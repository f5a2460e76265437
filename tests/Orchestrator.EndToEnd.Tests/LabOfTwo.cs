namespace Orchestrator.EndToEnd.Tests;

/// <summary>Two nodes, each with a container that serves on the node's port 8080.</summary>
public sealed class LabOfTwo : LabFixture
{
    protected override async Task<Lab> UpAsync() => await Lab.UpAsync(2, await Engine.ImageAsync(1));

    protected override async Task FillAsync()
    {
        var image = await Engine.ImageAsync(1);
        await Task.WhenAll(Enumerable.Range(1, 2).Select(node => Lab.DockerAsync(node, "run", "-d", "--name", "web", "-p", "8080:8080", image)));
    }
}
