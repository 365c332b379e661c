using System.Globalization;

namespace NetGen.Samples;

/// <summary>The sentences the sample prints, in the invariant culture.</summary>
internal static class Text
{
    public static string Count(int n, string noun) => string.Create(CultureInfo.InvariantCulture, $"{n:N0} {noun}{(n == 1 ? "" : "s")}");

    public static string Epoch(int epoch, int epochs, EpochResult trained, double accuracy) => string.Create(
        CultureInfo.InvariantCulture,
        $"Epoch {epoch}/{epochs}   loss {trained.Loss:F4}   test accuracy {accuracy:F4}   {trained.SamplesPerSecond:N0} samples/s  "
            + $" {trained.Seconds:F1} s");

    public static string Legend(string path, int mistakes, int images) => string.Create(
        CultureInfo.InvariantCulture,
        $"{mistakes:N0} of {images:N0} test images are classified wrongly. {path} shows those the network was surest of: in red what "
            + $"it says, in green what the image is.");
}
