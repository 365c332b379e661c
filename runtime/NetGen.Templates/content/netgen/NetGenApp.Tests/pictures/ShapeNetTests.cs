using NetGen;

namespace NetGenSpace.Tests;

/// <summary>What the network must do: learn, and be the same from its file.</summary>
public sealed class ShapeNetTests
{
    [Fact]
    public void LearnsToTellShapesApart()
    {
        var (_, accuracy) = Training.Run(Shapes.Draw(count: 2_000, seed: 1), Shapes.Draw(count: 500, seed: 2), epochs: 4);

        // Guessing would be 0.25.
        Assert.InRange(accuracy, 0.9, 1);
    }

    [Fact]
    public void IsTheSameFromItsFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        var net = new ShapeNet(seed: 1);
        net.Save(path);
        ShapeNet loaded = ShapeNet.Load(path);
        File.Delete(path);
        (float[] pictures, _) = Shapes.Draw(count: 3, seed: 4);
        Assert.Equal(Scores(net, pictures), Scores(loaded, pictures));
    }

    private static float[] Scores(ShapeNet net, float[] pictures)
    {
        int count = pictures.Length / ShapeNet.InputSize;
        using ShapeNet.Session session = net.CreateSession(maxBatch: count);
        var scores = new float[count * ShapeNet.OutputSize];
        session.Forward(pictures, scores);
        return scores;
    }
}
