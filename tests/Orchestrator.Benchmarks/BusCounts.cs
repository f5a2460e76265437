using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace Orchestrator.Benchmarks;

/// <summary>What services have asked of the store, and what went over the broker, heartbeats and the health monitor's echo apart.</summary>
internal sealed class BusCounts : IDisposable
{
    /// <summary>The broker counts in steps of seconds.</summary>
    public static readonly TimeSpan StatisticsDelay = TimeSpan.FromSeconds(12);

    private static readonly string[] NotCounted = ["node-heartbeat", "monitor-echo"];
    private readonly HttpClient _services = new();
    private readonly HttpClient _broker;
    private readonly IReadOnlyList<int> _ports;

    /// <param name="managementUri">The broker's management API, with its user.</param>
    /// <param name="ports">Of the services.</param>
    public BusCounts(string managementUri, IReadOnlyList<int> ports)
    {
        _ports = ports;
        _broker = new HttpClient { BaseAddress = new Uri(managementUri) };
        _broker.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_broker.BaseAddress!.UserInfo)));
    }

    public async Task<(double Calls, double Messages)> ReadAsync() => (await SumAsync("orchestrator_store_call_duration_seconds_count"), await MessagesAsync());

    /// <summary>Of all services and all labels.</summary>
    /// <param name="series">The beginning of its line.</param>
    public async Task<double> SumAsync(string series)
    {
        var texts = await Task.WhenAll(_ports.Select(port => _services.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))));
        return texts.SelectMany(text => text.Split('\n')).Where(line => line.StartsWith(series, StringComparison.Ordinal)).Sum(Value);
    }

    /// <summary>Calls to the store by operation, the most first.</summary>
    public async Task<IReadOnlyDictionary<string, double>> CallsAsync()
    {
        var texts = await Task.WhenAll(_ports.Select(port => _services.GetStringAsync(new Uri($"http://127.0.0.1:{port}/metrics"))));
        return texts.SelectMany(text => text.Split('\n'))
            .Where(line => line.StartsWith("orchestrator_store_call_duration_seconds_count", StringComparison.Ordinal))
            .GroupBy(line => $"{Label(line, "store")}.{Label(line, "operation")}").ToDictionary(group => group.Key, group => group.Sum(Value));
    }

    public async Task<IReadOnlyDictionary<string, double>> MessagesByExchangeAsync()
    {
        var exchanges = await _broker.GetFromJsonAsync<JsonElement>("api/exchanges/orchestrator?columns=name,message_stats.publish_in");
        return exchanges.EnumerateArray()
            .Select(exchange => (Name: exchange.GetProperty("name").GetString()!, Count: Published(exchange)))
            .GroupBy(exchange => exchange.Name.StartsWith("orchestrator.node.", StringComparison.Ordinal) ? "orchestrator.node.*" : exchange.Name)
            .ToDictionary(group => group.Key, group => group.Sum(exchange => exchange.Count));
    }

    /// <summary>The broker's process. It tells of it a moment after its start.</summary>
    public Task<int> BrokerProcessAsync() => Until.IsAsync(
        async () =>
        {
            var nodes = await _broker.GetFromJsonAsync<JsonElement>("api/nodes?columns=os_pid");
            return nodes[0] is { ValueKind: JsonValueKind.Object } node && node.TryGetProperty("os_pid", out var id) ? int.Parse(id.GetString()!, CultureInfo.InvariantCulture) : 0;
        },
        id => id > 0,
        "the broker names its process");

    public void Dispose()
    {
        _services.Dispose();
        _broker.Dispose();
    }

    private async Task<double> MessagesAsync() =>
        (await MessagesByExchangeAsync()).Where(exchange => !NotCounted.Any(name => exchange.Key.EndsWith(name, StringComparison.Ordinal))).Sum(exchange => exchange.Value);

    /// <summary>Where nothing was published yet, the broker writes an empty list.</summary>
    private static double Published(JsonElement exchange) =>
        exchange.TryGetProperty("message_stats", out var stats) && stats.ValueKind == JsonValueKind.Object && stats.TryGetProperty("publish_in", out var count) ? count.GetDouble() : 0;

    private static double Value(string line) => double.Parse(line[(line.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[line.Contains('}', StringComparison.Ordinal) ? 0 : 1], CultureInfo.InvariantCulture);

    private static string Label(string line, string name) => line.Split(name + "=\"")[1].Split('"')[0];
}
