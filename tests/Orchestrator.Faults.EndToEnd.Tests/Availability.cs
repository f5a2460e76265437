using System.Collections.Concurrent;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Asks a service's containers all the time, and counts when none of them answered.</summary>
internal sealed class Availability(Cluster cluster, string app) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly ConcurrentDictionary<string, string> _addresses = new();

    public int Asked { get; private set; }

    public int Answered { get; private set; }

    public double Percent => Asked == 0 ? 0 : 100.0 * Answered / Asked;

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        while (!cancellation.IsCancellationRequested && await TickAsync(timer, cancellation))
        {
            var running = await Containers.ListAsync(cluster, app);
            var answers = await Task.WhenAll(running.Select(AnswersAsync));
            Asked++;
            Answered += answers.Any(good => good) ? 1 : 0;
        }
    }

    public void Dispose() => _http.Dispose();

    private static async Task<bool> TickAsync(PeriodicTimer timer, CancellationToken cancellation)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<bool> AnswersAsync(string container)
    {
        try
        {
            if (!_addresses.TryGetValue(container, out var address))
            {
                address = await Engine.RunAsync("inspect", "-f", "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}", container);
                _addresses[container] = address;
            }

            using var answer = await _http.GetAsync(new Uri($"http://{address}:8080/"));
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException or InvalidOperationException or UriFormatException)
        {
            // It has just ended, or does not answer.
            return false;
        }
    }
}
