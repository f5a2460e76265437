using System.Net;
using System.Security.Cryptography;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Microsoft.Extensions.Options;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Names;
using Orchestrator.NodeAgent.Network;

namespace Orchestrator.NodeAgent.Names;

/// <summary>
/// Beside an agent that is in a container, what answers names is in another: it runs on when the agent's ends, and the engine starts it again.
/// It is of the agent's image, and replaced when that is another.
/// </summary>
internal sealed class NamesContainer(DockerClient docker, EngineNames names, IOptions<NodeAgentOptions> options, TimeProvider time)
{
    private const string OwnMounts = "/proc/self/mountinfo";
    private bool _looked;
    private CreateContainerParameters? _wanted;

    /// <returns>Whether names are answered; false where the agent is in no container of its engine, or keeps nothing on the machine.</returns>
    public async Task<bool> EnsureAsync(CancellationToken cancellation)
    {
        if (await WantedAsync(cancellation) is not { } wanted)
        {
            return false;
        }

        var there = await ListAsync(docker, names, cancellation);
        var own = there.FirstOrDefault(container => container.Names.Contains("/" + wanted.Name));
        if (own?.State is not ("running" or "restarting"))
        {
            File.Delete(NamesProcess.PidFile(options.Value.StateFolder!));
            var id = own?.ID ?? (await EngineCalls.MeasureAsync("container-create", () => docker.Containers.CreateContainerAsync(wanted, CancellationToken.None))).ID;
            await EngineCalls.MeasureAsync("container-start", () => docker.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellation));
        }

        await NamesProcess.AnswersAsync(options.Value.StateFolder!, $"the container that answers names does not start: see 'docker logs {wanted.Name}'", time, cancellation);

        // The new one answers already.
        foreach (var former in there.Where(container => container != own))
        {
            await RemoveAsync(docker, former.ID, cancellation);
        }

        return true;
    }

    /// <summary>Whatever agent started it.</summary>
    public static async Task RemoveAsync(DockerClient docker, EngineNames names, CancellationToken cancellation)
    {
        foreach (var container in await ListAsync(docker, names, cancellation))
        {
            await RemoveAsync(docker, container.ID, cancellation);
        }
    }

    private static async Task<IList<ContainerListResponse>> ListAsync(DockerClient docker, EngineNames names, CancellationToken cancellation)
    {
        var all = new ContainersListParameters { All = true, Filters = names.NamesFilter() };
        return await EngineCalls.MeasureAsync("container-list", () => docker.Containers.ListContainersAsync(all, cancellation));
    }

    private static async Task RemoveAsync(DockerClient docker, string id, CancellationToken cancellation)
    {
        try
        {
            await EngineCalls.MeasureAsync("container-remove", () => docker.Containers.RemoveContainerAsync(id, new ContainerRemoveParameters { Force = true }, cancellation));
        }
        catch (DockerApiException exception) when (exception.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // Gone, or being removed by somebody else.
        }
    }

    /// <summary>The agent's container stays as it is for as long as the agent runs.</summary>
    private async Task<CreateContainerParameters?> WantedAsync(CancellationToken cancellation)
    {
        if (!_looked && options.Value.StateFolder is { } folder && OwnContainer.IdIn(await File.ReadAllLinesAsync(OwnMounts, cancellation)) is { } agent)
        {
            try
            {
                _wanted = Beside(await EngineCalls.MeasureAsync("container-inspect", () => docker.Containers.InspectContainerAsync(agent, cancellation)), folder);
            }
            catch (DockerApiException exception) when (exception.StatusCode == HttpStatusCode.NotFound)
            {
                // The agent's engine is not the one that its container is of.
            }
        }

        _looked = true;
        return _wanted;
    }

    private static bool IsIn(string mount, string folder) => (folder + "/").StartsWith(mount.TrimEnd('/') + "/", StringComparison.Ordinal);

    private CreateContainerParameters? Beside(ContainerInspectResponse agent, string folder)
    {
        var kept = agent.Mounts.Where(mount => mount.Type is "bind" or "volume" && IsIn(mount.Destination, folder)).MaxBy(mount => mount.Destination.Length);
        if (kept is null)
        {
            return null;
        }

        var version = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{agent.Image} {kept.Source} {kept.Destination} {folder}")))[..8];
        return new CreateContainerParameters
        {
            Name = names.NamesContainer(version),
            Image = agent.Image,
            Cmd = ["names", folder, version],
            Labels = names.NamesLabels(),

            // The image's asks for the agent.
            Healthcheck = new HealthcheckConfig { Test = ["NONE"] },
            HostConfig = new HostConfig
            {
                NetworkMode = "host",
                RestartPolicy = new RestartPolicy { Name = RestartPolicyKind.UnlessStopped },
                LogConfig = agent.HostConfig!.LogConfig,

                // A volume too is mounted by its path, so that it can be removed with the cluster; then this one ends by itself.
                Mounts = [new Mount { Type = "bind", Source = kept.Source, Target = kept.Destination }],
            },
        };
    }
}
