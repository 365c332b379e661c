using System.Globalization;
using NetGen.Data;

namespace NetGen.Samples;

/// <summary>Training and test images, and where they come from.</summary>
internal sealed record Dataset(string Origin, InMemoryImages Train, InMemoryImages Test)
{
    private const int SyntheticTrain = 5_000, SyntheticTest = 1_000;

    /// <summary>CIFAR-10 from a folder, or else drawings made here.</summary>
    public static Dataset Find(string? folder) => folder is null
        ? new Dataset("a synthetic set, drawn by this program: it is NOT CIFAR-10 (--data DIR takes the real files)",
            SyntheticImages.Draw(SyntheticTrain, seed: 1), SyntheticImages.Draw(SyntheticTest, seed: 2))
        : new Dataset($"CIFAR-10, {Path.GetFullPath(folder)}", CifarDataset.ReadCifar10(folder, train: true),
            CifarDataset.ReadCifar10(folder, train: false));

    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{Origin}: {Train.Count:N0} training images, {Test.Count:N0} test images");
}
