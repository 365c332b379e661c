using NetGen;

namespace NetGenSpace;

internal static class Program
{
    private const string Parameters = "air.safetensors";

    private static void Main()
    {
        Table table = Table.Read(Path.Combine(AppContext.BaseDirectory, "air.csv"));
        Console.WriteLine($"{table.Count} rows of {string.Join(", ", table.Names)}\n\n{AirNet.Summary}");
        var (net, error) = Training.Run(table.Rows(..400), table.Rows(400..), epochs: 200, new EpochLines());
        net.Save(Parameters);
        Console.WriteLine($"\nIn the mean of the test rows it is off by {error:F4}.");
        Console.WriteLine($"The parameters are in {Path.GetFullPath(Parameters)}.\n");

        float density = Density(AirNet.Load(Parameters), temperature: 20, pressure: 1013.25f, humidity: 50);
        Console.WriteLine($"Air of 20 °C, 1013.25 hPa and 50 % humidity: {density:F4} kg/m³. By the formulas of physics it is 1.1989.");
    }

    /// <summary>What the network says of a row.</summary>
    private static float Density(AirNet net, float temperature, float pressure, float humidity)
    {
        using AirNet.Session session = net.CreateSession(maxBatch: 1);
        var density = new float[AirNet.OutputSize];
        session.Forward([temperature, pressure, humidity], density);
        return density[0];
    }

    /// <summary>Writes a line for every twentieth epoch.</summary>
    private sealed class EpochLines : FitCallback
    {
        public override void OnEpoch(FitRun run, EpochResult result)
        {
            if (result.Epoch % 20 == 0)
                Console.WriteLine($"Epoch {result.Epoch}/{run.Options.Epochs}   loss {result.Loss:F6}   test error {result.Metrics[0]:F4}");
        }
    }
}
