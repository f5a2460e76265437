using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Options;

namespace Orchestrator.Hosting;

/// <summary>Runs one service as a process of its own.</summary>
public static class ServiceHost
{
    /// <summary>Builds, runs until it is told to stop, and says in one line what keeps it from starting.</summary>
    /// <param name="service">Names the process in its log lines: <c>scheduler</c>.</param>
    /// <param name="port">Where it listens on loopback unless <c>ORCH_LISTEN</c> says otherwise.</param>
    /// <param name="add">Adds what the service is made of.</param>
    /// <param name="map">Maps what it serves besides its health.</param>
    /// <returns>The exit code: 0 stopped, 1 broken, 2 wrong settings.</returns>
    public static async Task<int> RunAsync(string service, int port, Action<WebApplicationBuilder, ServiceSettings> add, Action<WebApplication>? map = null)
    {
        var settings = new ServiceSettings(Environment.GetEnvironmentVariable);
        try
        {
            var builder = OrchestratorHost.NewBuilder();
            builder.WebHost.UseSetting("urls", settings.ListenOr(port));
            builder.AddOrchestratorHost(service);
            add(builder, settings);
            await using var app = builder.Build();
            app.MapOrchestratorHost();
            map?.Invoke(app);
            await app.RunAsync();
            return 0;
        }
        catch (Exception exception) when (exception is FormatException or OptionsValidationException)
        {
            await Console.Error.WriteLineAsync($"{service}: {exception.Message}");
            return 2;
        }
        catch (Exception exception) when (exception is IOException or InvalidOperationException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{service}: {exception.Message}");
            return 1;
        }
    }
}
