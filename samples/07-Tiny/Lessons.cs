namespace NetGen.Samples.Tiny;

/// <summary>
/// Learning by imitation: in each round the network drives, the teacher says what it would have done in every state that came up, and
/// the network learns from all states so far. So it learns what to do after its own mistakes too.
/// </summary>
internal static class Lessons
{
    private const int Rounds = 12, Drives = 40, StepsPerDrive = 400, Batch = 256, StepsPerRound = 3000;

    public static Controller Learn(ulong seed)
    {
        var net = new Controller(seed);
        var optimizer = new Adam(3e-3f);
        using Controller.Trainer trainer = net.CreateTrainer(Batch, optimizer);
        using Controller.Session session = net.CreateSession(maxBatch: 1);
        var scheduler = new LearningRateScheduler(optimizer, new CosineAnnealingLR(Rounds * StepsPerRound));
        var random = new Random((int)seed);
        var inputs = new List<float>();
        var torques = new List<float>();
        float[] batchInputs = new float[Batch * Controller.InputSize], batchTorques = new float[Batch];
        var seen = new float[Controller.InputSize];
        for (int round = 0; round < Rounds; round++)
        {
            for (int drive = 0; drive < Drives; drive++)
            {
                var state = Start(random);
                for (int step = 0; step < StepsPerDrive; step++)
                {
                    state.Observe(seen);
                    inputs.AddRange(seen);
                    torques.Add((float)state.Teacher());
                    // In the first round the teacher drives, then the network.
                    state = state.After(round == 0 ? torques[^1] : Torque(session, state));
                }
            }
            double loss = 0;
            for (int step = 0; step < StepsPerRound; step++)
            {
                for (int i = 0; i < Batch; i++)
                {
                    int sample = random.Next(torques.Count);
                    for (int k = 0; k < Controller.InputSize; k++)
                        batchInputs[i * Controller.InputSize + k] = inputs[sample * Controller.InputSize + k];
                    batchTorques[i] = torques[sample];
                }
                loss += trainer.Step(batchInputs, batchTorques);
                scheduler.Step();
            }
            Console.WriteLine(FormattableString.Invariant($"Round {round + 1}/{Rounds}: {torques.Count} states, loss {loss / StepsPerRound:F5}, upright from {Examine(session, 200, 2).Share:P0} of 200 starts"));
        }
        return net;
    }

    /// <summary>Lets the network drive for 20 s from random starts; upright counts who is so for all of the last five.</summary>
    /// <returns>The share of starts that end upright, and the mean of the seconds until they were so for good.</returns>
    public static (double Share, double Seconds) Examine(Controller.Session session, int starts, int seed)
    {
        var random = new Random(seed);
        int upright = 0;
        double seconds = 0;
        const int Steps = (int)(20 / Pendulum.Period), Last = (int)(5 / Pendulum.Period);
        for (int i = 0; i < starts; i++)
        {
            // The first start hangs down at rest.
            var state = i == 0 ? new Pendulum(Math.PI, 0) : Start(random);
            int since = 0;
            for (int step = 1; step <= Steps; step++)
            {
                state = state.After(Torque(session, state));
                if (!state.IsUpright)
                    since = step;
            }
            if (since <= Steps - Last)
            {
                upright++;
                seconds += since * Pendulum.Period;
            }
        }
        return ((double)upright / starts, upright == 0 ? double.NaN : seconds / upright);
    }

    public static double Torque(Controller.Session session, Pendulum state)
    {
        Span<float> input = stackalloc float[Controller.InputSize], output = stackalloc float[Controller.OutputSize];
        state.Observe(input);
        session.Forward(input, output);
        return output[0];
    }

    private static Pendulum Start(Random random) => new(Math.PI * (2 * random.NextDouble() - 1), 4 * random.NextDouble() - 2);
}
