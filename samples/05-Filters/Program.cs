using System.Globalization;
using NetGen;
using NetGen.Data;
using NetGen.Samples;
using NetGen.TensorBoard;

const string Usage = """
    Applies classical filters to a picture, with a layer whose weights are set, and learns the simplest of them.

      --image FILE    the picture, PNG or JPEG (a scene that is drawn here)
      --seed N        where the learned kernel begins (1)
      --picture FILE  where the result goes (filters.png)
      --logs DIR      where TensorBoard's event file goes (logs)
    """;

string? image = null;
string picture = "filters.png";
string logs = "logs";
ulong seed = 1;
for (int i = 0; i < args.Length; i += 2)
{
    string? value = i + 1 < args.Length ? args[i + 1] : null;
    switch (args[i])
    {
        case "--help" or "-h":
            Console.WriteLine(Usage);
            return 0;
        case "--image" when value is { Length: > 0 }:
            image = value;
            break;
        case "--picture" when value is { Length: > 0 }:
            picture = value;
            break;
        case "--logs" when value is { Length: > 0 }:
            logs = value;
            break;
        case "--seed" when ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out seed):
            break;
        default:
            Console.Error.WriteLine(value is null ? $"{args[i]}: a value is missing" : $"{args[i]} {value}: not understood");
            Console.Error.WriteLine($"\n{Usage}");
            return 2;
    }
}

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
try
{
    float[] scene = image is null ? Scene.Draw() : Scene.Read(image);

    // Six kernels in one layer: four filters as they are, and two turned, so that the layer convolves instead of correlating.
    Kernel[] kernels = [Kernel.Horizontal, Kernel.Vertical, Kernel.Sharpen, Kernel.Blur, Kernel.Horizontal.Turned(), Kernel.Sharpen.Turned()];
    float[][] filtered = Filtering.Run(scene, kernels);
    foreach (var (kernel, layer, definition) in new[]
        { (Kernel.Horizontal, filtered[4], Filtering.Convolve(scene, Kernel.Horizontal)), (Kernel.Sharpen, filtered[5], Filtering.Convolve(scene, Kernel.Sharpen)) })
    {
        float difference = layer.Zip(definition, (a, b) => Math.Abs(a - b)).Max();
        float turning = layer.Zip(filtered[Array.IndexOf(kernels, kernel)], (a, b) => Math.Abs(a - b)).Max();
        Console.WriteLine($"{kernel.Name}: the layer with the turned kernel and convolution by its definition differ by {difference:E1} at most; turning changes up to {turning:F2}.");
    }

    var learning = EdgeLearning.Run(seed);
    Console.WriteLine($"\nThe edge kernel, learned from one pair of pictures; wanted is [1, -1]:");
    for (int step = 0; step < learning.Losses.Count; step++)
    {
        Console.WriteLine($"  step {step + 1,2}   loss {learning.Losses[step],8:F4}   kernel [{learning.Weights[step + 1][0]:F4}, {learning.Weights[step + 1][1]:F4}]");
    }

    var sheet = FilterSheet.Draw(scene,
        [
            (kernels[0].Name, filtered[0], true), (kernels[1].Name, filtered[1], true), (kernels[2].Name, filtered[2], true),
            (kernels[3].Name, filtered[3], false), (kernels[4].Name, filtered[4], true),
        ], learning);
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
