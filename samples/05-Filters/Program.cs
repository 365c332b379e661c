using System.Globalization;
using NetGen;
using NetGen.Data;
using NetGen.Samples;
using NetGen.TensorBoard;

CommandLine<Options> commandLine = new CommandLine<Options>(
    "Applies classical filters to a picture, with a layer whose weights are set, and learns the simplest of them.")
    .Value("--image", "FILE", "the picture, PNG or JPEG (a scene that is drawn here)", ValueKind.Text,
        static (known, value) => known with { Image = value })
    .Value("--seed", "N", "where the learned kernel begins (1)", ValueKind.Seed, static (known, value) => known with { Seed = value })
    .Value("--picture", "FILE", "where the result goes (filters.png)", ValueKind.Text,
        static (known, value) => known with { Picture = value })
    .Value("--logs", "DIR", "where TensorBoard's event file goes (logs)", ValueKind.Text,
        static (known, value) => known with { Logs = value });
if (!commandLine.TryRead(args, new Options(), out Options? options, out int exitCode))
    return exitCode;

(string? image, ulong seed, string picture, string logs) = options;
CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    float[] scene = image is null ? Scene.Draw() : Scene.Read(image);

    // Seven kernels in one layer: five filters as they are, and two turned, so that the layer convolves instead of correlating.
    Kernel[] kernels =
        [Kernel.Horizontal, Kernel.Vertical, Kernel.Horizontal.Turned(), Kernel.Outline, Kernel.Sharpen, Kernel.Blur,
        Kernel.Outline.Turned()];
    float[][] filtered = Filtering.Run(scene, kernels);
    foreach (var (kernel, turned) in new[] { (0, 2), (3, 6) })
    {
        float[] definition = Filtering.Convolve(scene, kernels[kernel]);
        Console.WriteLine($"{kernels[kernel].Name}: the layer with the turned kernel and convolution by its definition differ "
            + $"by {Difference(filtered[turned], definition):E1} at most; turning changes up "
            + $"to {Difference(filtered[turned], filtered[kernel]):F2}.");
    }

    float[] both = [.. scene.Zip(filtered[3], (pixel, outline) => pixel + outline)];
    Console.WriteLine($"The weights of the outline add up to {Kernel.Outline.Sum:F0}, so that even areas vanish; with one more in the "
        + $"middle to {Kernel.Sharpen.Sum:F0}, so that they stay: sharpened is the picture with its outline, but "
        + $"for {Difference(filtered[4], both):E1}.");

    var learning = EdgeLearning.Run(seed);
    Console.WriteLine($"\nThe edge kernel, learned from one pair of pictures; wanted is [1, -1]:");
    for (int step = 0; step < learning.Losses.Count; step++)
    {
        Console.WriteLine($"  step {step + 1,2}   loss {learning.Losses[step],8:F4}   kernel "
            + $"[{learning.Weights[step + 1][0]:F4}, {learning.Weights[step + 1][1]:F4}]");
    }

    // Blurred and sharpened, a picture is one still; what is left of the others has both signs.
    var sheet = FilterSheet.Draw(scene, [.. kernels.Zip(filtered, (kernel, values) => (kernel.Name, values, kernel.Sum == 0))], learning);
    sheet.Save(picture);
    using (var writer = new SummaryWriter(logs))
    {
        for (int step = 0; step < learning.Losses.Count; step++)
        {
            writer.AddScalar("edge/loss", learning.Losses[step], step + 1);
            writer.AddScalar("edge/left weight", learning.Weights[step + 1][0], step + 1);
            writer.AddScalar("edge/right weight", learning.Weights[step + 1][1], step + 1);
        }

        writer.AddImage("filters", sheet.ToImage(), step: 0);
    }

    Console.WriteLine($"\n{picture} shows them all; tensorboard --logdir {logs} shows how the kernel was learned.");
    return 0;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException or PlatformNotSupportedException)
{
    // What the user can mend: a missing or broken picture, or no libjpeg-turbo for a JPEG file.
    Console.Error.WriteLine(e.Message);
    return 1;
}

static float Difference(float[] a, float[] b) => a.Zip(b, (x, y) => Math.Abs(x - y)).Max();

/// <summary>What the command line says.</summary>
internal sealed record Options(string? Image = null, ulong Seed = 1, string Picture = "filters.png", string Logs = "logs");
