using NetGen;

namespace NetGenSpace;

internal static class Program
{
    private const string Parameters = "shapes.safetensors";

    private static void Main()
    {
        Console.WriteLine(ShapeNet.Summary);
        (float[], int[]) train = Shapes.Draw(count: 4_000, seed: 1), test = Shapes.Draw(count: 1_000, seed: 2);
        (ShapeNet net, double accuracy) = Training.Run(train, test, epochs: 6, new EpochLines());
        net.Save(Parameters);
        Console.WriteLine($"\nTest accuracy {accuracy:F4}. The parameters are in {Path.GetFullPath(Parameters)}.\n");

        (float[] picture, int[] label) = Shapes.Draw(count: 1, seed: 3);
        (string name, double probability) = Name(ShapeNet.Load(Parameters), picture);
        Console.WriteLine($"{Shapes.ToText(picture)}\nThe network says {name}, {probability:P1} sure. It is a {Shapes.Names[label[0]]}.");
    }

    /// <summary>What the network says is on a picture, and how sure it is.</summary>
    private static (string Name, double Probability) Name(ShapeNet net, float[] picture)
    {
        using ShapeNet.Session session = net.CreateSession(maxBatch: 1);
        var scores = new float[ShapeNet.OutputSize];
        session.Forward(picture, scores);
        int said = Array.IndexOf(scores, scores.Max());
        return (Shapes.Names[said], 1 / scores.Sum(score => Math.Exp(score - scores[said])));
    }

    /// <summary>Writes a line for each epoch.</summary>
    private sealed class EpochLines : FitCallback
    {
        public override void OnEpoch(FitRun run, EpochResult result)
        {
            string epoch = $"{result.Epoch}/{run.Options.Epochs}";
            Console.WriteLine($"Epoch {epoch}   loss {result.Loss:F4}   test accuracy {result.Metrics[0]:F4}");
        }
    }
}
