using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using NetGen.Serving;

namespace NetGen.Samples.Serve;

/// <summary>The answer to an image.</summary>
/// <param name="Digit">The most probable digit.</param>
/// <param name="Probabilities">Of the ten digits; they sum to 1.</param>
internal sealed record Prediction(int Digit, float[] Probabilities);

/// <summary>What is wrong, in words.</summary>
internal sealed record Complaint(string Error);

/// <summary>Whether the server answers, and with what.</summary>
internal sealed record Health(string Status, string Network, long Parameters, string Schedule, long Sessions, int Waiting, string? Problem);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Prediction)), JsonSerializable(typeof(Complaint)), JsonSerializable(typeof(Health))]
internal sealed partial class ServerJson : JsonSerializerContext;

/// <summary>The web application: a page to draw on, <c>POST /predict</c>, <c>GET /health</c>.</summary>
internal static class DigitServer
{
    /// <param name="url">Where to listen, e.g. <c>http://127.0.0.1:5080</c>; port 0 takes a free one.</param>
    /// <param name="configure">Where the model is, and how requests become batches.</param>
    public static WebApplication Create(string url, Action<ServingOptions> configure)
    {
        // The slim builder leaves out what a page and two endpoints do not need, and can be trimmed.
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.ConfigureHttpJsonOptions(options => options.SerializerOptions.TypeInfoResolverChain.Insert(0, ServerJson.Default));
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestBodySize = PredictRequest.MaximumBody);
        builder.Services.AddNetGen(DigitNet.Load, configure);
        builder.Services.AddHealthChecks().AddNetGen<DigitNet>();
        WebApplication app = builder.Build();
        app.Urls.Add(url);

        byte[] page = Page();
        app.MapGet("/", () => Results.Bytes(page, "text/html; charset=utf-8"));
        app.MapHealthChecks("/health", new HealthCheckOptions { ResponseWriter = WriteHealthAsync });
        app.MapPost("/predict", PredictAsync);
        return app;
    }

    /// <summary>The answer of the health check, with what runs.</summary>
    private static Task WriteHealthAsync(HttpContext context, HealthReport report)
    {
        var sessions = context.RequestServices.GetRequiredService<SessionPool<DigitNet>>();
        var predictor = context.RequestServices.GetRequiredService<Predictor<DigitNet>>();
        ISession session = sessions.Get();
        string schedule = session.Schedule;
        sessions.Return(session);
        HealthReportEntry entry = report.Entries[nameof(DigitNet)];
        var health = new Health(report.Status == HealthStatus.Healthy ? "ready" : "not ready", nameof(DigitNet), DigitNet.ParameterCount,
            schedule, sessions.Created, predictor.QueueLength,
            entry.Status == HealthStatus.Healthy ? null : entry.Description ?? entry.Exception?.Message);
        return context.Response.WriteAsJsonAsync(health, ServerJson.Default.Health);
    }

    /// <summary>One image in, ten probabilities out; 400 says what is wrong with the image, 415 with its type.</summary>
    private static async Task<IResult> PredictAsync(HttpContext context, IPredictor<DigitNet> predictor)
    {
        string type = (context.Request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();
        if (type is not ("application/json" or "application/octet-stream"))
        {
            return TypedResults.Json(
                new Complaint("Expected the type application/json, {\"pixels\": [784 numbers]}, or application/octet-stream, 784 bytes."),
                ServerJson.Default.Complaint, statusCode: StatusCodes.Status415UnsupportedMediaType);
        }

        float[] pixels = ArrayPool<float>.Shared.Rent(DigitNet.InputSize);
        try
        {
            PipeReader body = context.Request.BodyReader;
            ReadResult read = await body.ReadAsync(context.RequestAborted);
            while (!read.IsCompleted)
            {
                // Nothing is consumed until all of it is there; the server bounds how much that is.
                body.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                read = await body.ReadAsync(context.RequestAborted);
            }
            try
            {
                if (type == "application/json")
                    PredictRequest.ReadJson(read.Buffer, pixels.AsSpan(0, DigitNet.InputSize));
                else
                    PredictRequest.ReadBytes(read.Buffer, pixels.AsSpan(0, DigitNet.InputSize));
            }
            finally
            {
                body.AdvanceTo(read.Buffer.End);
            }
            var probabilities = new float[DigitNet.OutputSize];
            await predictor.ForwardAsync(pixels.AsMemory(0, DigitNet.InputSize), probabilities, context.RequestAborted);
            Softmax(probabilities);
            return TypedResults.Ok(new Prediction(probabilities.AsSpan().IndexOf(probabilities.Max()), probabilities));
        }
        catch (BadImageException e)
        {
            return TypedResults.Json(new Complaint(e.Message), ServerJson.Default.Complaint, statusCode: StatusCodes.Status400BadRequest);
        }
        catch (BadHttpRequestException e)
        {
            // Too large a body, or one that ends before it says it does.
            return TypedResults.Json(new Complaint(e.Message), ServerJson.Default.Complaint, statusCode: e.StatusCode);
        }
        catch (RequestRejectedException e)
        {
            // More requests wait than the server can answer soon.
            context.Response.Headers.RetryAfter = "1";
            return TypedResults.Json(new Complaint(e.Message), ServerJson.Default.Complaint,
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(pixels);
        }
    }

    /// <summary>Logits to probabilities, in place.</summary>
    private static void Softmax(Span<float> values)
    {
        float largest = float.NegativeInfinity, sum = 0;
        foreach (float value in values)
            largest = MathF.Max(largest, value);
        foreach (ref float value in values)
            sum += value = MathF.Exp(value - largest);
        foreach (ref float value in values)
            value /= sum;
    }

    private static byte[] Page()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("index.html")!;
        var page = new byte[stream.Length];
        stream.ReadExactly(page);
        return page;
    }
}
