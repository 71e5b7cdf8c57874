/** A day of the week, in UTC. */
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";

/** When to merge what was proposed, in UTC. Advice: it delays nothing. */
export interface MaintenanceWindow {
  /** The days on which it begins. Absent: every day. */
  readonly days?: readonly Weekday[];
  /** "22:00" */
  readonly from: string;
  /** "04:00"; on the next day where it is not after `from`. */
  readonly to: string;
  /** The names of targets. Absent: all. */
  readonly targets?: readonly string[];
  readonly reason?: string;
}
