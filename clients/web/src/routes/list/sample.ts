/**
 * A few artists of the sample that a new installation has in its catalogue. They are made up, and
 * their ids are the same everywhere.
 */
export const SAMPLE = [
  "c49f796a-05b7-5cf3-bfc7-8d37aa273cb9", // Velvet Turbine
  "f046245e-eb88-5583-b073-512500525748", // Señor Ocaso
  "96270a60-d082-583d-b8a0-f9f6c0821fde", // Seven Quiet Otters
  "f55f5b17-65bb-5749-9057-a3d4a7c1bbb8", // Static Bloom
  "b52d7204-751a-56ff-9299-abcb3bf7b38c", // Slow Elevator Music Club
  "4096ece8-bc76-505c-81f5-b716cedf86b1", // Les Parapluies Mécaniques
] as const;
