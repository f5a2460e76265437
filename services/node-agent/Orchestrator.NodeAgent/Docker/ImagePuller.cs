using System.Collections.Concurrent;
using System.Net;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>Fetches images; one fetch serves all who want the image at the time.</summary>
internal sealed class ImagePuller(DockerClient docker)
{
    private readonly ConcurrentDictionary<string, Lazy<Task>> _running = new();

    public async Task<bool> IsHereAsync(string image, CancellationToken cancellation)
    {
        try
        {
            await EngineCalls.MeasureAsync("image-inspect", () => docker.Images.InspectImageAsync(image, cancellation));
            return true;
        }
        catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <exception cref="RefusedException">Why the image cannot be had.</exception>
    public async Task PullAsync(string image, CancellationToken cancellation)
    {
        // The fetch is not one caller's: it goes on when a caller gives up.
        var pull = _running.GetOrAdd(image, name => new Lazy<Task>(() => PullNowAsync(name)));
        try
        {
            await pull.Value.WaitAsync(cancellation);
        }
        finally
        {
            _running.TryRemove(KeyValuePair.Create(image, pull));
        }
    }

    private async Task PullNowAsync(string image)
    {
        var failure = new FirstError();
        try
        {
            var (name, tag) = Split(image);
            var parameters = new ImagesCreateParameters { FromImage = name, Tag = tag };
            await EngineCalls.MeasureAsync("image-pull", () => docker.Images.CreateImageAsync(parameters, null!, failure, CancellationToken.None));
        }
        catch (DockerApiException exception)
        {
            throw Refusal(image, EngineErrors.Text(exception));
        }

        if (failure.Text is { } text)
        {
            throw Refusal(image, text);
        }
    }

    private static RefusedException Refusal(string image, string text)
    {
        string[] missing = ["not found", "manifest unknown", "denied", "does not exist"];
        return missing.Any(word => text.Contains(word, StringComparison.OrdinalIgnoreCase))
            ? new RefusedException(true, $"image {image}: the registry has no such image, or does not let us see it ({text}); check the name, or log in on the node")
            : new RefusedException(true, $"image {image}: the registry cannot be reached ({text}); check the node's network, or load the image there");
    }

    /// <summary>Without a tag the engine would fetch every tag.</summary>
    private static (string Name, string Tag) Split(string image)
    {
        var colon = image.LastIndexOf(':');
        return image.Contains('@', StringComparison.Ordinal) ? (image, "")
            : colon > image.LastIndexOf('/') ? (image[..colon], image[(colon + 1)..])
            : (image, "latest");
    }

    private sealed class FirstError : IProgress<JSONMessage>
    {
        public string? Text { get; private set; }

        public void Report(JSONMessage value) => Text ??= value.Error?.Message;
    }
}
