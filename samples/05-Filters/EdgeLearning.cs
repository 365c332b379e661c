namespace NetGen.Samples;

/// <summary>Learns the kernel [1, −1] from a picture and the edges it should give.</summary>
internal sealed class EdgeLearning
{
    public const int Steps = 10;
    private const float LearningRate = 0.03f;

    private EdgeLearning(float[] picture, float[] edges)
    {
        Picture = picture;
        Edges = edges;
    }

    /// <summary>6 × 8: ones, and zeros in the columns 2 to 5.</summary>
    public float[] Picture { get; }

    /// <summary>6 × 7: 1 where the picture falls, −1 where it rises, else 0.</summary>
    public float[] Edges { get; }

    /// <summary>The loss before each step.</summary>
    public List<float> Losses { get; } = [];

    /// <summary>The two weights before the first step and after each.</summary>
    public List<float[]> Weights { get; } = [];

    /// <summary>What the learned kernel makes of the picture.</summary>
    public float[] Output { get; } = new float[EdgeNet.OutputSize];

    public static EdgeLearning Run(ulong seed)
    {
        var picture = new float[EdgeNet.InputSize];
        var edges = new float[EdgeNet.OutputSize];
        for (int y = 0; y < 6; y++)
        {
            for (int x = 0; x < 8; x++)
            {
                picture[8 * y + x] = x is >= 2 and <= 5 ? 0 : 1;
            }

            (edges[7 * y + 1], edges[7 * y + 5]) = (1, -1);
        }

        var learning = new EdgeLearning(picture, edges);
        var net = new EdgeNet(seed);
        using var trainer = net.CreateTrainer(batchSize: 1, new SGD(LearningRate), new TrainerOptions { Threads = 1 });
        learning.Weights.Add(net.Edge.Weight.ToArray());
        for (int step = 0; step < Steps; step++)
        {
            learning.Losses.Add(trainer.Step(picture, edges));
            learning.Weights.Add(net.Edge.Weight.ToArray());
        }

        using var session = net.CreateSession(maxBatch: 1);
        session.Forward(picture, learning.Output);
        return learning;
    }
}
