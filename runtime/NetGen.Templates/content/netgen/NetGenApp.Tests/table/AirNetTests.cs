using NetGen;

namespace NetGenSpace.Tests;

/// <summary>What the network must do: learn, and be the same from its file.</summary>
public sealed class AirNetTests
{
    private static readonly Table Rows = Table.Read(Path.Combine(AppContext.BaseDirectory, "air.csv"));

    [Fact]
    public void LearnsTheDensityOfAir()
    {
        var (_, error) = Training.Run(Rows.Rows(..400), Rows.Rows(400..), epochs: 200);

        // The densities are from 1.0 to 1.5, and measured to 0.002.
        Assert.InRange(error, 0, 0.01);
    }

    [Fact]
    public void IsTheSameFromItsFile()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        var net = new AirNet(seed: 1);
        net.Save(path);
        AirNet loaded = AirNet.Load(path);
        File.Delete(path);
        Assert.Equal(Densities(net), Densities(loaded));
    }

    private static float[] Densities(AirNet net)
    {
        using AirNet.Session session = net.CreateSession(maxBatch: Rows.Count);
        var densities = new float[Rows.Count];
        session.Forward(Rows.Inputs, densities);
        return densities;
    }
}
