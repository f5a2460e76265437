using System.IO.Compression;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Options;
using Orchestrator.State;

namespace Orchestrator.Api.Backup;

/// <summary>The state as one file, out and in.</summary>
internal static class BackupEndpoints
{
    public static void MapBackup(this IEndpointRouteBuilder api)
    {
        api.MapGet("/backup", (IBackupStore store, IOptions<ApiOptions> options, TimeProvider time, CancellationToken cancellation) =>
        {
            var head = new BackupHead
            {
                CreatedAt = time.GetUtcNow(),
                ClusterId = options.Value.ClusterId,
                Store = store.Kind,
                Program = typeof(BackupEndpoints).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            };
            return Results.Stream(stream => BackupFile.WriteAsync(stream, head, store.ReadAllAsync(cancellation), cancellation), "application/gzip");
        });
        api.MapPut("/backup", async (bool? force, HttpContext http, IBackupStore store, IOptions<ApiOptions> options, CancellationToken cancellation) =>
        {
            if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
            {
                limit.MaxRequestBodySize = null;
            }

            await using var zip = new GZipStream(http.Request.Body, CompressionMode.Decompress);
            using var reader = new StreamReader(zip);
            try
            {
                var head = await BackupFile.ReadHeadAsync(reader, cancellation);
                if (await RefusalAsync(head, force ?? false, store, options.Value.ClusterId, cancellation) is { } refusal)
                {
                    return Problems.Conflict(refusal);
                }

                await store.WriteAllAsync(BackupFile.ReadRowsAsync(reader, cancellation), cancellation);
                return Results.Ok(new { head.CreatedAt, head.Program });
            }
            catch (Exception exception) when (exception is FormatException or InvalidDataException)
            {
                return Results.Problem(exception is FormatException ? exception.Message : "this is no backup, or it is cut off; nothing was changed", statusCode: StatusCodes.Status400BadRequest, title: "Bad request");
            }
        });
    }

    private static async Task<string?> RefusalAsync(BackupHead head, bool force, IBackupStore store, string? clusterId, CancellationToken cancellation) =>
        head.Store != store.Kind ? $"the backup is of another kind of store ({head.Store}, here {store.Kind}); restore it where it was made, by the same version"
        : head.ClusterId != clusterId && !force ? $"the backup is of cluster {head.ClusterId}, and this is {clusterId}; set ORCH_CLUSTER_ID to it, or use --force: its containers are then nobody's here"
        : !force && !await store.IsEmptyAsync(cancellation) ? "there are applications here, and a restore replaces all that is stored; use --force"
        : null;
}
