using System.Runtime.CompilerServices;

namespace NetGen.CompilerServices;

/// <content>What each thread is given, and what each call holds.</content>
public abstract unsafe partial class TrainerCore
{
    /// <summary>What one worker of a trainer computes in one phase, and the memory that it works on.</summary>
    protected readonly ref struct Share
    {
        // All at once and in place, since the whole step of a small network takes less than a microsecond.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        internal Share(TrainerCore core, int worker, int workers)
        {
            SampleRange range = SampleRange.Of(core._samples, core._plan.SamplesPerGroup, worker, workers);
            Parameters = core._parameters.Pointer;
            Gradients = core._passGradients.Pointer;
            Prepared = core._prepared.Pointer;
            Scratch = core._scratch.Pointer + worker * (nint)core._plan.ScratchLength;
            Arena = core._arena.Pointer;
            Capacity = core._capacity;
            Samples = core._samples;
            First = range.First;
            Count = range.Count;
            Worker = worker;
            Workers = workers;
            Pool = core._pool;
            Losses = core._lossOfSample + range.First;
            Scale = core._lossScales[0];
            _core = core;
            Seed = core._seed;
            Step = core._step;
            Pass = core._pass;
            WantsInputGradient = core._wantsInputGradient;
        }

        private readonly TrainerCore _core;

        /// <summary>The network's parameters, packed.</summary>
        public float* Parameters { get; }

        /// <summary>Their gradients, packed alike.</summary>
        public float* Gradients { get; }

        /// <summary>What the passes derive from the parameters.</summary>
        public float* Prepared { get; }

        /// <summary>This worker's scratch.</summary>
        public float* Scratch { get; }

        /// <summary>Activations and their gradients, of the whole batch.</summary>
        public float* Arena { get; }

        /// <summary>Samples for which the arena has room.</summary>
        public long Capacity { get; }

        /// <summary>Samples of the batch.</summary>
        public int Samples { get; }

        /// <summary>The worker's first sample.</summary>
        public int First { get; }

        /// <summary>Number of the worker's samples; 0 where there are fewer groups than workers.</summary>
        public int Count { get; }

        /// <summary>The worker's number.</summary>
        public int Worker { get; }

        /// <summary>Number of workers.</summary>
        public int Workers { get; }

        /// <summary>The threads, for gradients that end when all workers have met.</summary>
        public WorkerPool Pool { get; }

        /// <summary>Where the losses of the worker's samples go.</summary>
        public double* Losses { get; }

        /// <summary>1 over what the sum of the losses is divided by.</summary>
        public float Scale { get; }

        /// <summary>Where the losses of the worker's samples go, of one of several losses.</summary>
        /// <param name="loss">Which of the losses.</param>
        public double* LossesOf(int loss) => Losses + (long)loss * _core.BatchSize;

        /// <summary>The factor of one of several losses over what the sum of its losses is divided by.</summary>
        /// <param name="loss">Which of the losses.</param>
        public float ScaleOf(int loss) => _core._lossScales[loss];

        /// <summary>The seed of dropout.</summary>
        public ulong Seed { get; }

        /// <summary>Number of the step, by which dropout draws anew.</summary>
        public uint Step { get; }

        /// <summary>Number of the pass that puts gradients of parameters to the buffer that it has.</summary>
        public uint Pass { get; }

        /// <summary>The caller wants the gradient of the input.</summary>
        public bool WantsInputGradient { get; }

        /// <summary>The caller's values for the first sample of this share; null where the caller gave none.</summary>
        /// <param name="values">Those for the first sample of the batch.</param>
        /// <param name="perSample">Values for one sample.</param>
        public T* Of<T>(T* values, int perSample)
            where T : unmanaged
            => values == null ? null : values + (long)First * perSample;

        /// <summary>The caller's values for the first position of the first sample; null where the caller gave none.</summary>
        /// <param name="values">Those of the first sample of the batch.</param>
        /// <param name="perPosition">Values for one position.</param>
        /// <param name="axis">Which of the network's lengths.</param>
        public T* OfPositions<T>(T* values, int perPosition, int axis)
            where T : unmanaged
            => values == null ? null : values + (long)_core._starts!.At(axis, First) * perPosition;

        /// <summary>Where the positions of the batch's samples begin, and behind the last of them.</summary>
        /// <param name="axis">Which of the network's lengths.</param>
        public int* StartsOf(int axis) => _core._starts!.Of(axis);
    }

    /// <summary>A public call, while which the trainer refuses all others.</summary>
    protected readonly ref struct Call
    {
        private readonly Ownership.Lease _lease;

        internal Call(Ownership.Lease lease) => _lease = lease;

        /// <summary>Ends the call.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Dispose() => _lease.Dispose();
    }

    /// <summary>A time in which steps of this thread are queued; another thread's step is none of them.</summary>
    protected readonly ref struct Queueing
    {
        private readonly TrainerCore _core;

        internal Queueing(TrainerCore core)
        {
            _core = core;
            core._threadThatQueues = Environment.CurrentManagedThreadId;
        }

        /// <summary>Ends it.</summary>
        public void Dispose() => _core._threadThatQueues = 0;
    }
}
