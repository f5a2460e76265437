using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Testing;

/// <summary>The API over HTTP.</summary>
public sealed class Api : IDisposable
{
    private readonly HttpClient _http = new();
    private readonly string _tokenPath;

    public Api(int port, string tokenPath)
    {
        _tokenPath = tokenPath;
        Address = new Uri($"http://127.0.0.1:{port}");
        _http.BaseAddress = new Uri(Address, "/api/v1/");
    }

    public Uri Address { get; }

    public async Task<bool> IsReadyAsync() => await ReadyNodesAsync() > 0;

    /// <returns>How many nodes can take tasks; 0 while the API does not answer.</returns>
    public async Task<int> ReadyNodesAsync()
    {
        try
        {
            using var health = await _http.GetAsync(new Uri(Address, "/healthz/ready"));
            if (!health.IsSuccessStatusCode)
            {
                return 0;
            }

            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await File.ReadAllTextAsync(_tokenPath)).Trim());
            using var answer = await _http.GetAsync(new Uri("nodes", UriKind.Relative));
            return answer.IsSuccessStatusCode ? (await answer.Content.ReadFromJsonAsync<JsonElement>()).EnumerateArray().Count(node => node.Text("liveness") == "Ready") : 0;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return 0;
        }
    }

    public async Task<JsonElement> GetAsync(string path) => await ReadAsync(await _http.GetAsync(new Uri(path, UriKind.Relative)));

    public async Task<IReadOnlyList<JsonElement>> ListAsync(string path) => [.. (await GetAsync(path)).EnumerateArray()];

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        return await _http.SendAsync(request);
    }

    /// <summary>Deploys a Compose file.</summary>
    /// <returns>The answer of the scheduler.</returns>
    public async Task<JsonElement> DeployAsync(string app, string compose, IReadOnlyDictionary<string, string>? files = null, IReadOnlyDictionary<string, string>? variables = null) =>
        await AnswerAsync(await SendAsync(HttpMethod.Post, "deploy", new { App = app, Compose = compose, Files = files, Variables = variables }));

    public async Task<JsonElement> ScaleAsync(string app, string service, int replicas) =>
        await AnswerAsync(await SendAsync(HttpMethod.Post, $"services/{app}/{service}/scale", new { Replicas = replicas }));

    public async Task<JsonElement> RemoveAsync(string app) => await AnswerAsync(await SendAsync(HttpMethod.Delete, "apps/" + app));

    public Task<IReadOnlyList<JsonElement>> TasksAsync(string app, string? service = null, bool all = false) =>
        ListAsync($"tasks?app={app}{(service is null ? "" : "&service=" + service)}&all={(all ? "true" : "false")}");

    /// <returns>The tasks, when exactly so many are there, all running and ready.</returns>
    public async Task<IReadOnlyList<JsonElement>> RunningAsync(string app, string service, int count, Func<JsonElement, bool>? andAll = null)
    {
        try
        {
            return await Until.IsAsync(
                () => TasksAsync(app, service),
                tasks => tasks.Count == count && tasks.All(task => task.Text("state") == "Running" && task.Text("ready") == "true" && (andAll is null || andAll(task))),
                $"{count} tasks of {app}/{service} run");
        }
        catch (TimeoutException exception)
        {
            var all = await TasksAsync(app, service, all: true);
            throw new TimeoutException(
                $"{exception.Message}\nall tasks:\n{string.Join('\n', all.Select(task => $"{app}/{service}.{task.Text("slot")} on {task.Text("node")}: {task.Text("state")}, desired {task.Text("desired")}, {task.Text("message")}"))}",
                exception);
        }
    }

    public Task<JsonElement> ConvergedAsync(string app, string service, TimeSpan? deadline = null) => Until.IsAsync(
        () => GetAsync($"services/{app}/{service}"),
        row => row.GetProperty("rollout").ValueKind == JsonValueKind.Object && row.GetProperty("rollout").Text("state") == "Completed"
            && row.GetProperty("ready").GetInt32() + row.GetProperty("done").GetInt32() == row.GetProperty("desired").GetInt32(),
        $"{app}/{service} converges",
        deadline);

    public async Task GoneAsync(string app) => await Until.IsAsync(
        () => ListAsync("services?app=" + app), services => services.Count == 0, $"{app} is gone");

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> AnswerAsync(HttpResponseMessage response)
    {
        var taken = await ReadAsync(response);
        var command = await GetAsync($"commands/{taken.Text("commandId")}?wait=30");
        return command.Text("state") == "Pending" ? throw new TimeoutException("the command is not answered: " + command) : command;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync();
            return response.IsSuccessStatusCode
                ? JsonSerializer.Deserialize<JsonElement>(body)
                : throw new InvalidOperationException($"{(int)response.StatusCode}: {body}");
        }
    }
}
