using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Orchestrator.Cli.Http;

/// <summary>The API, with its problems as <see cref="CliException"/>.</summary>
internal sealed class OrchestratorClient : IDisposable
{
    private readonly HttpClient _http;

    public OrchestratorClient(CliContext context)
    {
        _http = new HttpClient { BaseAddress = new Uri(context.Api, "/api/v1/"), Timeout = Timeout.InfiniteTimeSpan };
        if (context.Token is { } token)
        {
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
    }

    public Task<JsonElement> GetAsync(string path, CancellationToken cancellation) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellation);

    public Task<JsonElement> PostAsync(string path, object body, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(body) }, cancellation);

    public Task<JsonElement> PatchAsync(string path, object body, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Patch, path) { Content = JsonContent.Create(body) }, cancellation);

    public Task<JsonElement> DeleteAsync(string path, CancellationToken cancellation) => SendAsync(new HttpRequestMessage(HttpMethod.Delete, path), cancellation);

    /// <summary>What the API answers, as it comes.</summary>
    public async Task DownloadAsync(string path, Stream to, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        using var response = await AnswerAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await ThrowOnProblemAsync(response, cancellation);
        await response.Content.CopyToAsync(to, cancellation);
    }

    public Task<JsonElement> UploadAsync(string path, Stream from, CancellationToken cancellation) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Put, path) { Content = new StreamContent(from) }, cancellation);

    /// <summary>Server-Sent Events until the stream breaks.</summary>
    public async IAsyncEnumerable<JsonElement> EventsAsync(string path, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var response = await AnswerAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        await ThrowOnProblemAsync(response, cancellation);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        var data = new List<string>();
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data.Add(line["data: ".Length..]);
            }
            else if (line.StartsWith(": from ", StringComparison.Ordinal))
            {
                // The stream is open from here on: what changes now is told.
                yield return default;
            }
            else if (line.Length == 0 && data.Count > 0)
            {
                yield return JsonSerializer.Deserialize<JsonElement>(string.Join('\n', data));
                data.Clear();
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        using (request)
        {
            using var response = await AnswerAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
            await ThrowOnProblemAsync(response, cancellation);
            return await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
        }
    }

    private async Task<HttpResponseMessage> AnswerAsync(HttpRequestMessage request, HttpCompletionOption completion, CancellationToken cancellation)
    {
        try
        {
            return await _http.SendAsync(request, completion, cancellation);
        }
        catch (HttpRequestException exception)
        {
            var reason = (exception.InnerException?.Message ?? exception.Message).TrimEnd('.');
            throw new CliException(ExitCodes.Failed, $"cannot reach {_http.BaseAddress!.GetLeftPart(UriPartial.Authority)}: {reason}; start it with infra/quickstart.sh up, or set ORCH_API");
        }
    }

    private static async Task ThrowOnProblemAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        var text = await response.Content.ReadAsStringAsync(cancellation);
        throw new ApiProblem(response.StatusCode, text);
    }

    /// <summary>A refusal of the API.</summary>
    internal static string Detail(HttpStatusCode status, string body)
    {
        try
        {
            var problem = JsonSerializer.Deserialize<JsonElement>(body);
            foreach (var name in new[] { "detail", "title" })
            {
                if (problem.TryGetProperty(name, out var value) && value.GetString() is { Length: > 0 } text)
                {
                    return text;
                }
            }
        }
        catch (JsonException)
        {
            // Not from our API.
        }

        return $"the API answered {(int)status}";
    }
}
