using System.Diagnostics;
using System.Globalization;

namespace Orchestrator.Testing;

/// <summary>One service of a cluster as a process with a port of its own, on this machine or on one of the lab's.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private const int LinesKept = 60;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(180);
    private static readonly HttpClient Http = new();
    private readonly string _project;
    private readonly IReadOnlyList<string> _before;
    private readonly Uri _health;
    private readonly Dictionary<string, string> _environment;
    private readonly Queue<string> _log = [];
    private Process? _process;

    /// <param name="project">Its project: <c>Orchestrator.Scheduler</c>.</param>
    /// <param name="environment">Its settings.</param>
    /// <param name="host">The address at which it listens.</param>
    /// <param name="before">What is written before its command: <see cref="Lab.In"/>.</param>
    public ServiceProcess(string project, IReadOnlyDictionary<string, string> environment, string host = "127.0.0.1", params IReadOnlyList<string> before)
    {
        (_project, _before) = (project, before);
        Port = SingleNode.FreePort();
        var listen = $"http://{host}:{Port}";
        _health = new Uri(listen + "/healthz/");
        _environment = new Dictionary<string, string>(environment) { ["ORCH_LISTEN"] = listen };
    }

    /// <summary>Its project: <c>Orchestrator.Scheduler</c>.</summary>
    public string Name => _project;

    public int Port { get; }

    public bool Runs => _process is { HasExited: false };

    public int Id => _process!.Id;

    /// <summary>Returns when the process answers.</summary>
    public async Task StartAsync()
    {
        Begin();
        await AnswersAsync("live");
    }

    /// <summary>Starts the process and waits for nothing.</summary>
    public void Begin()
    {
        string[] words = [.. _before, "dotnet", Repository.Program(_project, _project)];
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>A setting from its next start on; null: as by default.</summary>
    public void Set(string name, string? value)
    {
        if (value is null)
        {
            _environment.Remove(name);
        }
        else
        {
            _environment[name] = value;
        }
    }

    /// <summary>Waits until its bus and its store answer too.</summary>
    public Task ReadyAsync() => AnswersAsync("ready");

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>As an init system stops it.</summary>
    public async Task<int> StopAsync()
    {
        await SignalAsync("TERM");
        await _process!.WaitForExitAsync();
        return _process.ExitCode;
    }

    /// <summary>Freezes it: it holds what it holds and does nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    public string Log()
    {
        lock (_log)
        {
            return string.Join('\n', _log);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Runs)
        {
            await ThawAsync();
            await StopAsync();
        }

        _process?.Dispose();
    }

    private async Task SignalAsync(string signal) =>
        (await Shell.RunAsync("kill", ["-" + signal, _process!.Id.ToString(CultureInfo.InvariantCulture)])).OutputOrThrow();

    private Task AnswersAsync(string what) => Until.IsAsync(
        async () =>
        {
            if (!Runs)
            {
                throw new InvalidOperationException($"{_project} ended: {Log()}");
            }

            try
            {
                using var answer = await Http.GetAsync(new Uri(_health, what));
                return answer.IsSuccessStatusCode;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        },
        answers => answers,
        $"{_project} is {what}",
        StartLimit);

    private void Keep(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Enqueue(line);
            if (_log.Count > LinesKept)
            {
                _log.Dequeue();
            }
        }
    }
}
