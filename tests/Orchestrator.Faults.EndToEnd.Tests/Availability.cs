namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>Asks a service at its published port of every node all the time, and counts when none of them answered.</summary>
internal sealed class Availability : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private readonly HttpClient _http = new() { Timeout = Patience };
    private readonly IReadOnlyList<Uri> _addresses;

    /// <param name="addresses">One for each node.</param>
    public Availability(IReadOnlyList<Uri> addresses)
    {
        _addresses = addresses;

        // Kept connections would be a container's that is to stop, which lets them end.
        _http.DefaultRequestHeaders.ConnectionClose = true;
    }

    public int Asked { get; private set; }

    public int Answered { get; private set; }

    /// <summary>Answers of single nodes, of those that were dead or cut off too.</summary>
    public int Single { get; private set; }

    public double Percent => Asked == 0 ? 0 : 100.0 * Answered / Asked;

    public double SinglePercent => Asked == 0 ? 0 : 100.0 * Single / (Asked * _addresses.Count);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, TimeProvider.System);
        while (!cancellation.IsCancellationRequested && await TickAsync(timer, cancellation))
        {
            var answers = await Task.WhenAll(_addresses.Select(AnswersAsync));
            Asked++;
            Answered += answers.Any(good => good) ? 1 : 0;
            Single += answers.Count(good => good);
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

    private async Task<bool> AnswersAsync(Uri address)
    {
        try
        {
            using var answer = await _http.GetAsync(address);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }
}
